"""Work on many machines: lots of runs go to the workers of a dask cluster, and are added up here.

The client cuts what there is to do into lots, gives each to some worker that has its toolchain, and
merges what comes back into one record and one report. Where and when a lot is run, and what is
done once a worker is lost, is dask's business. Only ``worker`` and ``connection`` know of dask, and
nothing here is imported without ``--cluster``.
"""
