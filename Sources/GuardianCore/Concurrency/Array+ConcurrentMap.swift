extension Array where Element: Sendable {
    /// Returns what `transform` makes of each element, in their order. At most `limit` of them are worked on at the same time.
    package func concurrentMap<Value: Sendable>(
        atMost limit: Int, _ transform: @escaping @Sendable (Element) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (index: Int, value: Value).self) { group in
            var rest = Swift.Array(enumerated())[...]
            func next() {
                guard let (index, element) = rest.popFirst() else { return }
                group.addTask { (index, await transform(element)) }
            }
            for _ in 0..<limit { next() }
            var values: [(index: Int, value: Value)] = []
            while let value = await group.next() {
                values.append(value)
                next()
            }
            return values.sorted { $0.index < $1.index }.map(\.value)
        }
    }
}
