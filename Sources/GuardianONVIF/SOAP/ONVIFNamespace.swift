/// The namespaces that we use.
package enum ONVIFNamespace {
    package static let envelope = "http://www.w3.org/2003/05/soap-envelope"
    package static let device = "http://www.onvif.org/ver10/device/wsdl"
    package static let media1 = "http://www.onvif.org/ver10/media/wsdl"
    package static let media2 = "http://www.onvif.org/ver20/media/wsdl"
    package static let schema = "http://www.onvif.org/ver10/schema"
    package static let network = "http://www.onvif.org/ver10/network/wsdl"
    /// WS-Security 1.0, and its UsernameToken Profile 1.0 (OASIS, 2004).
    package static let security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    package static let securityUtility =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
    package static let usernameToken =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
    package static let base64 =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
    /// WS-Discovery and WS-Addressing in the drafts that ONVIF names (Core Specification, 7.3).
    package static let discovery = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
    package static let addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
}

/// Text as it stands in an element or an attribute.
package enum XMLText {
    /// Characters that XML does not have (XML 1.0, 2.2) are left out.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // Parsers turn it into a line feed otherwise.
            case "\r": result += "&#13;"
            case "\t", "\n", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"...:
                result.unicodeScalars.append(scalar)
            default: break
            }
        }
        return result
    }
}
