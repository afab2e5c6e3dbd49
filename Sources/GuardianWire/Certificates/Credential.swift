import Foundation
import GuardianCore
import SwiftASN1

/// A certificate and its private key, as PEM texts.
public struct Credential: Sendable {
    public let certificatePEM: String
    public let keyPEM: Secret<String>

    public init(certificatePEM: String, keyPEM: Secret<String>) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }

    /// Both texts one after the other, for one file, so that they always belong together.
    public var combined: Secret<String> { Secret(keyPEM.reveal() + "\n" + certificatePEM + "\n") }

    /// Takes apart what `combined` put together; `nil` when it is something else.
    public init?(combined text: Secret<String>) {
        guard let documents = try? PEMDocument.parseMultiple(pemString: text.reveal()), documents.count == 2,
            let certificate = documents.last, certificate.discriminator == "CERTIFICATE"
        else { return nil }
        self.init(certificatePEM: certificate.pemString, keyPEM: Secret(documents[0].pemString))
    }

    /// Writes both, the key with mode 0600, and the authority's certificate.
    public func write(to files: CredentialFiles, authorityPEM: String) throws {
        try Self.write(keyPEM.reveal(), to: files.key, mode: 0o600)
        try Self.write(certificatePEM, to: files.certificate, mode: 0o644)
        try Self.write(authorityPEM, to: files.authority, mode: 0o644)
    }

    private static func write(_ text: String, to path: String, mode: mode_t) throws {
        unlink(path)
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw GuardianError(
                .failedPrecondition,
                "\(path) cannot be written (\(String(cString: strerror(errno)))); check its folder.")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do { try file.write(contentsOf: Data(text.utf8)) } catch {
            throw GuardianError(.failedPrecondition, "\(path) cannot be written.", cause: error)
        }
    }
}

/// The paths of a process' PEM files: its certificate, its key, and the certificate of the authority that it trusts.
public struct CredentialFiles: Hashable, Sendable {
    public var certificate: String
    public var key: String
    public var authority: String

    public init(certificate: String, key: String, authority: String) {
        self.certificate = certificate
        self.key = key
        self.authority = authority
    }

    /// The three files of a process in a folder: `NAME.pem`, `NAME.key`, `authority.pem`.
    public init(folder: String, name: String) {
        self.init(
            certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key", authority: "\(folder)/authority.pem")
    }

    /// Reads certificate and key.
    ///
    /// - Throws: what `read` throws.
    public func credential() throws -> Credential {
        let files = try read()
        return Credential(
            certificatePEM: String(decoding: files.certificate, as: UTF8.self),
            keyPEM: Secret(String(decoding: files.key, as: UTF8.self)))
    }

    /// Reads all three files, so that an error names the file before a connection fails.
    ///
    /// - Throws: `failedPrecondition` when a file is missing or is not PEM, `permissionDenied` when others may read the
    ///   key.
    func read() throws -> (certificate: [UInt8], key: [UInt8], authority: [UInt8]) {
        let key = try Self.read(key, what: "private key")
        var status = stat()
        if stat(self.key, &status) == 0, status.st_mode & 0o077 != 0 {
            throw GuardianError(
                .permissionDenied, "Others may read the private key \(self.key); run `chmod 600` on it.")
        }
        return (try Self.read(certificate, what: "certificate"), key, try Self.read(authority, what: "authority"))
    }

    private static func read(_ path: String, what: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count < 1_048_576 else {
            throw GuardianError(
                .failedPrecondition, "The \(what) \(path) cannot be read; check the path and its owner.")
        }
        guard bytes.starts(with: Data("-----BEGIN ".utf8)) else {
            throw GuardianError(.failedPrecondition, "The \(what) \(path) is not a PEM file.")
        }
        return Array(bytes)
    }
}
