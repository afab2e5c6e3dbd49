import Foundation
import GuardianOperations
import GuardianWire

/// The files that an enrolment replaces, as they were before it. The private key is none of them: it stays.
struct EnrolledFiles {
    private let contents: [(path: String, content: Data?)]

    init(_ files: CredentialFiles) {
        contents = [files.authority, EnrolmentRecord.path(beside: files), files.certificate].map {
            ($0, FileManager.default.contents(atPath: $0))
        }
    }

    /// Puts them back as far as that is possible.
    func restore() {
        for (path, content) in contents {
            if let content { try? Durability.replace(path, with: Array(content)) } else { unlink(path) }
        }
    }
}
