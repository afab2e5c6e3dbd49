import Foundation
import GuardianCore
import HTTPTypes
import Hummingbird

extension Routes {
    /// Adds `/api/v1/authority.crt`: the certificate that devices have to trust, which is no secret.
    ///
    /// - Parameter certificates: of the server; `nil` for one without TLS.
    mutating func addAuthority(_ certificates: WebCertificates?) {
        get("/api/v1/authority.crt", needs: .everyone) { _ in
            guard let file = certificates?.authority, let pem = FileManager.default.contents(atPath: file) else {
                throw GuardianError(
                    .notFound, "This server has no authority of its own: its certificate is vouched for by another one."
                )
            }
            return Response(
                status: .ok,
                headers: [
                    // What phones open with their settings (Android, iOS).
                    .contentType: "application/x-x509-ca-cert", .cacheControl: "no-store",
                    .contentDisposition: "attachment; filename=\"guardian-authority.crt\"",
                ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: pem)))
        }
    }
}
