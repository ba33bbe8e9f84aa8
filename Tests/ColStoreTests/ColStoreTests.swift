import Testing

@testable import ColStore
