import Foundation
import GuardianCore

/// Settings that the configurations of several processes share.
extension ConfigurationSection {
    /// Reads `address` and `port`, where a server listens; the default address is 127.0.0.1.
    ///
    /// - Parameters:
    ///   - port: the default port.
    ///   - make: throws a `GuardianError` with the reason when the server must not listen there.
    public func listenAddress<Address>(
        port: Int, _ make: (_ host: String, _ port: Int) throws -> Address
    ) throws -> Address {
        let host = try string("address") ?? "127.0.0.1"
        let port = try integer("port", in: 0...65_535) ?? port
        do { return try make(host, port) } catch let error as GuardianError {
            throw refusal("address", "is refused: \(error.message)")
        }
    }

    /// Reads `names`, separated by commas, and `tls.certificate` and `tls.key`: by what a web server is reached and what proves that
    /// it is the right one. All are optional; nothing here switches TLS off.
    ///
    /// - Parameter make: throws a `GuardianError` with the reason when the values are wrong.
    public func webTLS<TLS>(
        _ make: (_ names: [String], _ certificate: String?, _ key: String?, _ authority: String?) throws -> TLS
    ) throws -> TLS {
        let names = try (string("names") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let tls = try section("tls")
        let (certificate, key) = (try tls.path("certificate"), try tls.path("key"))
        let authority = try path("authority")
        do { return try make(names, certificate, key, authority) } catch let error as GuardianError {
            let wrong = certificate == nil && key == nil ? "names" : "tls"
            throw refusal(wrong, "is refused: \(error.message)")
        }
    }

    /// Reads `proxies`, separated by commas, and `metrics`: whom a web server believes. Both are optional.
    ///
    /// - Parameter make: throws a `GuardianError` with the reason when the proxies are wrong.
    public func webAccess<Access, Metrics: RawRepresentable & CaseIterable>(
        _ make: (_ proxies: [String], _ metrics: Metrics?) throws -> Access
    ) throws -> Access where Metrics.RawValue == String {
        let proxies = try (string("proxies") ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let metrics: Metrics? = try choice("metrics")
        do { return try make(proxies, metrics) } catch let error as GuardianError {
            throw refusal("proxies", "is refused: \(error.message)")
        }
    }

    private func path(_ key: String) throws -> String? {
        try value(key, "an absolute path") { $0.hasPrefix("/") ? $0 : nil }
    }

    /// Reads `certificate`, `key` and `authority`: the paths of three PEM files, all of which are required.
    public func credentials<Credentials>(
        _ make: (_ certificate: String, _ key: String, _ authority: String) -> Credentials
    ) throws -> Credentials {
        func file(_ key: String) throws -> String {
            guard let path = try string(key) else {
                throw refusal(key, "is missing: give the path of a PEM file")
            }
            return path
        }
        return make(try file("certificate"), try file("key"), try file("authority"))
    }
}
