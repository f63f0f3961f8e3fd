"""Published architectures as plain ``nn.Module`` classes, one a file; no file access here."""
