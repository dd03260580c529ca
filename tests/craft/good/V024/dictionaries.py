def count(words, counts, memo):
    for word in words:
        counts[word] = counts.get(word, 0) + 1
        memo["last"] = word
    return counts
