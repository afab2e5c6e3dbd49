import Foundation
import SwiftASN1
import X509

/// The first certificate of a PEM file, which may have those of its chain after it.
enum CertificateFile {
    private static let largest = 1 << 20

    /// `nil` when there is none, or it cannot be read.
    static func first(_ path: String) -> Certificate? {
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.read(upToCount: largest),
            let documents = try? PEMDocument.parseMultiple(pemString: String(decoding: bytes, as: UTF8.self)),
            let first = documents.first
        else { return nil }
        return try? Certificate(pemDocument: first)
    }
}
