import ColStore
