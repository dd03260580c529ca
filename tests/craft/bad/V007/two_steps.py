from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler


def prepare(data, labels):
    scaler = MinMaxScaler()
    scaler.fit(data)
    scaled = scaler.transform(data)
    X_train, X_test, y_train, y_test = train_test_split(scaled, labels, random_state=1)
    return X_train, X_test, y_train, y_test
