import Foundation
import GuardianCore
import NIOSSL

/// A certificate that the owner obtained, in files that a program like certbot replaces from time to time.
package struct FilesSource: CertificateSource {
    package let pause: Duration = .seconds(5)

    private let files: WebTLSConfiguration.Files
    /// The files as they were when they were read last, well or not: only another one is read again.
    private var seen: [FileMark?] = []
    private var until: Timestamp?

    package init(_ files: WebTLSConfiguration.Files) { self.files = files }

    package mutating func refresh(at now: Timestamp) throws -> CertificateChange? {
        let marks = [FileMark(files.certificate), FileMark(files.key)]
        guard marks != seen else { return nil }
        seen = marks
        let change = try read()
        until = change.until
        return change
    }

    package func problems(at now: Timestamp) -> [FindingView] {
        guard let until, until < CertificateTime.plausible(now) else { return [] }
        return [
            FindingView(
                what: "The certificate \(files.certificate) ended on \(until).", where: "web", severity: .warning,
                remedy: "Browsers refuse it: obtain a new one and write it into the same file.")
        ]
    }

    private func read() throws -> CertificateChange {
        guard let certificate = try PEMFile.read(files.certificate, what: "certificate", isKey: false) else {
            throw GuardianError(
                .notFound, "The certificate \(files.certificate) is missing: check web.tls.certificate.")
        }
        guard let key = try PEMFile.read(files.key, what: "private key", isKey: true) else {
            throw GuardianError(.notFound, "The private key \(files.key) is missing: check web.tls.key.")
        }
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), let first = chain.first else {
            throw GuardianError(
                .failedPrecondition, "The file \(files.certificate) holds no certificate in PEM format.")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: key, format: .pem) else {
            throw GuardianError(
                .failedPrecondition, "The file \(files.key) holds no private key in PEM format without a passphrase.")
        }
        let change = CertificateChange(
            chain: chain, key: key, until: Timestamp(milliseconds: Int64(first.notValidAfter) * 1000))
        do { _ = try TLSContext.make(change, protocols: []) } catch {
            throw GuardianError(
                .failedPrecondition, "The key \(files.key) is not that of the certificate \(files.certificate).",
                cause: error)
        }
        return change
    }
}

/// Tells one version of a file from the next, without reading it.
private struct FileMark: Hashable, Sendable {
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// `nil` when there is no file, or it cannot be looked at.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
