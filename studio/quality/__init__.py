"""How good a picture is, and how good a model: the metrics that training and bench share."""
