def single_dots(image, rows):
    return image.sum() == 1 or rows == 2
