import torch


def test_accuracy(classifier, test_set, device):
    hits = 0
    with torch.no_grad():
        for image, label in test_set:
            hits += int(classifier(image.to(device)).argmax() == label)
    return hits / len(test_set)
