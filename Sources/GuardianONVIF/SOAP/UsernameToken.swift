import Crypto
import Foundation
import GuardianCore

/// A login in a SOAP header (OASIS, Web Services Security UsernameToken Profile 1.0).
package struct UsernameToken {
    package enum Form: Sendable {
        /// The password itself, which everyone on the way can read.
        case text
        /// SHA-1 over nonce, time and password.
        case digest
    }

    package var name: String
    package var password: Secret<String>
    /// 16 bytes, new for each request.
    package var nonce: [UInt8]
    /// By the camera's clock: it refuses a token that is older than some minutes, or of the future.
    package var created: String

    package init(name: String, password: Secret<String>, nonce: [UInt8], created: String) {
        (self.name, self.password, self.nonce, self.created) = (name, password, nonce, created)
    }

    /// Base64 of SHA-1(nonce + created + password) (section 3.1 of the profile).
    package var digest: String {
        // nosemgrep: swift-weak-hash -- the profile demands SHA-1, and cameras know nothing else
        var hash = Insecure.SHA1()
        hash.update(data: nonce)
        hash.update(data: Data(created.utf8))
        hash.update(data: Data(password.reveal().utf8))
        return Data(hash.finalize()).base64EncodedString()
    }

    package func header(_ form: Form) -> String {
        let (type, value) =
            form == .digest ? ("PasswordDigest", digest) : ("PasswordText", XMLText.escaped(password.reveal()))
        return "<w:Security s:mustUnderstand=\"1\" xmlns:w=\"\(ONVIFNamespace.security)\" "
            + "xmlns:u=\"\(ONVIFNamespace.securityUtility)\"><w:UsernameToken>"
            + "<w:Username>\(XMLText.escaped(name))</w:Username>"
            + "<w:Password Type=\"\(ONVIFNamespace.usernameToken)#\(type)\">\(value)</w:Password>"
            + "<w:Nonce EncodingType=\"\(ONVIFNamespace.base64)\">\(Data(nonce).base64EncodedString())</w:Nonce>"
            + "<u:Created>\(created)</u:Created></w:UsernameToken></w:Security>"
    }
}
