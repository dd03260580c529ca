import pandas as pd
from sklearn.preprocessing import OneHotEncoder


def encode(train_df, test_df):
    everything = pd.concat([train_df, test_df])
    encoder = OneHotEncoder()
    encoder.fit(everything)
    return encoder.transform(train_df), encoder.transform(test_df)
