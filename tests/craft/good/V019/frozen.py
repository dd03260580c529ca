def plot(points, colours=frozenset({"red"}), size=3, label="x", order=None):
    return [(point, size) for point in points if label or colours or order]
