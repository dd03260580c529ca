from sklearn.model_selection import train_test_split


def prepare(data, labels):
    data = data.copy()
    data -= data.mean(0)
    data /= data.std(0)
    return train_test_split(data, labels, random_state=0)
