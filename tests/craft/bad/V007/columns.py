from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def prepare(df):
    scaler = StandardScaler()
    df[["a", "b"]] = scaler.fit_transform(df[["a", "b"]])
    train, test = train_test_split(df, test_size=0.2, random_state=3)
    return train, test
