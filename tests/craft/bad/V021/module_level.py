len = 128
dict = {"width": len}
