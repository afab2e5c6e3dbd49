extension Decoder {
    /// - Throws: `DecodingError` for the first member of the object that is not known.
    func refuseMembers(where isUnknown: (String) -> Bool) throws {
        let container = try container(keyedBy: AnyName.self)
        for name in container.allKeys where isUnknown(name.stringValue) {
            throw DecodingError.dataCorruptedError(forKey: name, in: container, debugDescription: "is not known")
        }
    }
}

private struct AnyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
