class Tensor:
    def __init__(self, data):
        self.data = data
        self.sum = 0

    def max(self):
        return max(self.data)

    def abs(self):
        return Tensor([abs(x) for x in self.data])
