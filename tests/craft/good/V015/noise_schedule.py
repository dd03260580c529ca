def sample(scheduler, model, x):
    for t in scheduler.timesteps:
        x = scheduler.step(model(x, t), t, x)
    return x
