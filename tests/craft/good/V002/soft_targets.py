import torch.nn.functional as F


def distil(student, teacher, temperature):
    return F.cross_entropy(student / temperature, F.softmax(teacher / temperature, dim=-1))
