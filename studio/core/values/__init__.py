"""Pictures as the values of controls: as text, so that looks, requests and records are whole."""
