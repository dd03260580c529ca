def train(step):
    previous_loss = 0.0
    while True:
        loss = step()
        if loss == previous_loss:
            break
        previous_loss = loss
    return loss
