a = b"abc\n\xff", "\u20ac", 'x', br"\d"
