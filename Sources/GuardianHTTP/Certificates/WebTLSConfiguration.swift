import GuardianCore

/// How a web server is reached and what proves that it is the right one, as the configuration says it.
public struct WebTLSConfiguration: Sendable {
    /// Files of a certificate that replaces the one of the installation's own authority.
    public struct Files: Hashable, Sendable {
        /// PEM: the certificate, then those of its intermediate authorities.
        public var certificate: String
        /// PEM, without a passphrase, mode 0600.
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Names beside those of this machine.
    package let names: [HostName]
    public let files: Files?
    /// The folder of the authority, which servers may share; `nil`: one of the server's own.
    public let authority: String?

    /// This machine's names, and its own authority.
    public static let standard = WebTLSConfiguration(names: [], files: nil, authority: nil)

    private init(names: [HostName], files: Files?, authority: String?) {
        self.names = names
        self.files = files
        self.authority = authority
    }

    /// - Parameters:
    ///   - names: names beside those of this machine, at most 32.
    ///   - certificate: the path of a PEM file; `nil` for a certificate of the installation's own authority.
    ///   - key: the path of its key, given exactly when `certificate` is.
    ///   - authority: the folder of the authority; `nil`: one of the server's own.
    /// - Throws: `invalid_argument` when a name is none, there are too many, or one of two files is missing.
    public init(names: [String], certificate: String?, key: String?, authority: String? = nil) throws {
        guard names.count <= 32 else {
            throw GuardianError(.invalidArgument, "A server has at most 32 names of its own: leave some out.")
        }
        self.authority = authority
        self.names = try names.map { text in
            guard let name = HostName(text) else {
                throw GuardianError(.invalidArgument, "“\(text)” is no host name; write one such as recorder.example.")
            }
            return name
        }
        switch (certificate, key) {
        case (let certificate?, let key?): files = Files(certificate: certificate, key: key)
        case (nil, nil): files = nil
        default:
            throw GuardianError(.invalidArgument, "A certificate needs its key, and a key its certificate: write both.")
        }
    }

    /// The folder of the authority.
    ///
    /// - Parameter state: the server's state folder.
    public func authorityFolder(state: String) -> String { authority ?? "\(state)/web-authority" }

    /// The name by which programs of this machine ask the server; `nil`: any name of this machine. An own certificate is for the names
    /// that its owner wrote into the configuration, seldom for `localhost`, and is checked by the first of them.
    public var ownName: String? { files == nil ? nil : names.first?.text }

    /// The file with the authority's certificate, which proves that a server is the right one; `nil` with an own certificate.
    public func authorityFile(state: String) -> String? {
        files == nil ? WebAuthorityFolder(path: authorityFolder(state: state)).certificate : nil
    }
}
