import Foundation
import GuardianCore
import HTTPTypes
import Hummingbird

extension Routes {
    /// Adds `/api/v1/authority.crt`, the certificate that devices have to trust, which is no secret, and
    /// `/api/v1/authority.mobileconfig`, the same as a profile of Apple's systems.
    ///
    /// - Parameter certificates: of the server; `nil` for one without TLS.
    mutating func addAuthority(_ certificates: WebCertificates?) {
        get("/api/v1/authority.crt", needs: .everyone) { _ in
            // What phones open with their settings (Android, iOS).
            Self.file(try Self.authority(of: certificates), type: "application/x-x509-ca-cert", ending: "crt")
        }
        get("/api/v1/authority.mobileconfig", needs: .everyone) { _ in
            let profile = try AuthorityProfile(certificatePEM: [UInt8](try Self.authority(of: certificates)))
            return Self.file(profile.bytes, type: "application/x-apple-aspen-config", ending: "mobileconfig")
        }
    }

    private static func authority(of certificates: WebCertificates?) throws -> Data {
        guard let file = certificates?.authority, let pem = FileManager.default.contents(atPath: file) else {
            throw GuardianError(
                .notFound, "This server has no authority of its own: its certificate is vouched for by another one.")
        }
        return pem
    }

    private static func file(_ bytes: Data, type: String, ending: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"guardian-authority.\(ending)\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
