"""What files say beside their pixels, as bytes that go from file to file."""
