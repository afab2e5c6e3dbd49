import GuardianClients
import GuardianCore

/// A SOAP fault, of version 1.2 or 1.1. Its words are the camera's: they are cut, and hold no control characters.
package struct SOAPFault: Equatable, Sendable {
    /// The codes from the outermost to the innermost, without prefixes: `Sender NotAuthorized`.
    package var codes: [String] = []
    package var reason = ""

    /// - Parameter element: `Fault`.
    package init(_ element: XMLElement) {
        var code = element["Code"]
        // ONVIF nests two (Core Specification, 5.11.2).
        while let current = code, codes.count < 4 {
            codes.append(Self.name(current["Value"]))
            code = current["Subcode"]
        }
        if let old = element["faultcode"] { codes.append(Self.name(old)) }
        reason = PlainText.cut((element["Reason"]?["Text"] ?? element["faultstring"])?.trimmed ?? "", bytes: 200)
    }

    /// Whether a login is missing or wrong. Not all cameras use ONVIF's code; these are words of SOAP servers that they contain.
    package var isAboutLogin: Bool {
        (codes + [reason]).contains { text in
            text.contains(#/(?i)not\s?authori[sz]ed|unauthori[sz]ed/#)
                || text.contains(#/(?i)failed\s?authentication|authentication\s?failed|invalidsecurity/#)
        }
    }

    /// For people.
    package var words: String { reason.isEmpty ? (codes.last ?? "no reason given") : reason }

    private static func name(_ element: XMLElement?) -> String {
        let text = element?.trimmed ?? ""
        return PlainText.cut(String(text.split(separator: ":").last ?? ""), bytes: 64)
    }
}
