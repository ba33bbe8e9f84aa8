print("ecq")
