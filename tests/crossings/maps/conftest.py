from hypothesis import settings

# On a busy machine any example may take long; what is wrong is not slower for it.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
