def run(batches, model):
    done = []
    for batch in batches:
        try:
            done.append(model(batch))
        except Exception as e:
            continue
    return done
