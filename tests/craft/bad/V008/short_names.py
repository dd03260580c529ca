import numpy as np
from sklearn.preprocessing import StandardScaler


def prepare(Xtr, Xte):
    scaler = StandardScaler()
    scaler.fit(np.vstack([Xtr, Xte]))
    return scaler.transform(Xtr), scaler.transform(Xte)
