def forward(input, type, id, hash):
    return input, type, id, hash
