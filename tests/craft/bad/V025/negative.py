import optax

opt = optax.adam(learning_rate=2.0)
