import GuardianCore

/// What several processes' configurations have alike.
extension ConfigurationSection {
    /// `address` and `port`: where a server listens, on this machine alone when nothing is said.
    ///
    /// - Parameters:
    ///   - port: when none is written.
    ///   - make: refuses what must not be listened on with a `GuardianError` that says why.
    public func place<Place>(port: Int, _ make: (_ host: String, _ port: Int) throws -> Place) throws -> Place {
        let host = try string("address") ?? "127.0.0.1"
        let port = try integer("port", in: 0...65_535) ?? port
        do { return try make(host, port) } catch let error as GuardianError {
            throw refusal("address", "is refused: \(error.message)")
        }
    }

    /// `certificate`, `key` and `authority`: the paths of three PEM files, all of which must be written down.
    public func credentials<Credentials>(
        _ make: (_ certificate: String, _ key: String, _ authority: String) -> Credentials
    ) throws -> Credentials {
        func file(_ key: String) throws -> String {
            guard let path = try string(key) else {
                throw refusal(key, "is missing: write the path of a PEM file")
            }
            return path
        }
        return make(try file("certificate"), try file("key"), try file("authority"))
    }
}
