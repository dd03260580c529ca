def normalise(train_x, test_x):
    train_x = (train_x - train_x.mean(0)) / train_x.std(0)
    test_x = (test_x - test_x.mean(0)) / test_x.std(0)
    return train_x, test_x
