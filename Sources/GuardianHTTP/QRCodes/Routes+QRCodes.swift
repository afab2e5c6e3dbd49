import GuardianCore
import HTTPTypes
import Hummingbird

/// Draws a QR code.
struct QRCodeBody: JSONBody {
    static let members = ["text"]

    /// Characters, counted as Unicode code points; as bytes they fit into a QR code in any case.
    static let limit = 512

    var text: String

    /// - Throws: `invalidArgument` whose context names the member.
    func code() throws -> QRCode {
        guard (1...Self.limit).contains(text.unicodeScalars.count) else {
            throw GuardianError(
                .invalidArgument, "A QR code holds from 1 to \(Self.limit) characters here.", context: ["field": "text"]
            )
        }
        return try QRCode(text)
    }
}

extension Routes {
    /// Adds the route that draws QR codes, for phones beside a browser. Texts hold secrets: they come in the body, which nothing
    /// logs, and not in the address.
    public mutating func addQRCodes() {
        post("/api/v1/qr-codes", needs: .may(.ownAccount)) { web in
            let svg = try await web.body(as: QRCodeBody.self).code().svg
            return Response(
                status: .ok, headers: [.contentType: "image/svg+xml", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: svg)))
        }
    }
}
