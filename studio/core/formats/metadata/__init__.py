"""What files say beside their pixels, as bytes that go from file to file.

Written here and not left to a library: exiv2 is GPL, writes into neither AVIF nor HEIC and knows no
texts of PNG; Pillow and piexif take EXIF apart and write it anew, without what they do not know.
"""
