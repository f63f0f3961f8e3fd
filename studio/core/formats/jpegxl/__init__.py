"""JPEG XL (ISO/IEC 18181): pixels by imagecodecs, and by us what that does not tell: colours."""
