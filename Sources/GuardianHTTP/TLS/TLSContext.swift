import GuardianCore
import NIOSSL

/// How our servers speak TLS.
enum TLSContext {
    /// The suites of TLS 1.2 that are forward secret and authenticated (RFC 9325, 4.2); all those of TLS 1.3 are.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ]

    /// - Throws: NIOSSL's errors, which name no secret: when the key is not the certificate's.
    static func make(_ change: CertificateChange, protocols: [String]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: change.chain.map { .certificate($0) }, privateKey: .privateKey(change.key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = ciphers
        configuration.applicationProtocols = protocols
        if let named = change.named {
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = named.map { .certificate($0) }
            override.privateKey = .privateKey(change.key)
            configuration.sslContextCallback = { [override] client, promise in
                promise.succeed(client.serverHostname == nil ? .noChanges : override)
            }
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
