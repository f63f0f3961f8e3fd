"""What files say beside their pixels, as bytes that go from file to file.

Written here and not left to a library: exiv2 is GPL, writes into neither AVIF nor HEIC and knows no
PNG texts; Pillow and piexif take EXIF apart and write it anew, and lose what they do not understand.
"""
