from sklearn.feature_extraction.text import TfidfVectorizer


def features(train_texts, test_texts):
    vectorizer = TfidfVectorizer()
    vectorizer.fit(train_texts + test_texts)
    return vectorizer.transform(train_texts), vectorizer.transform(test_texts)
