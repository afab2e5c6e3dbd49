import Foundation
import GuardianArchive
import GuardianCore

extension UploadTicket {
    /// The ticket as it is stored in the table.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// - Throws: `dataLoss` when the text is not a ticket.
    init(json: String) throws {
        do { self = try JSONDecoder().decode(UploadTicket.self, from: Data(json.utf8)) } catch {
            throw GuardianError(.dataLoss, "An upload's ticket in the archive's table cannot be read.", cause: error)
        }
    }
}
