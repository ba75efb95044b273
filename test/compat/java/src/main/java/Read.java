import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.DeserializationFeature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * Reads the key and value of each line with Kafka Connect's JsonConverter, schemas enabled, checks each against its
 * schema, and has the converter write it again: that must be the same JSON. Prints a line for each that is not, then
 * how many were read.
 */
final class Read {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    static void file(Path path) throws Exception {
        JsonConverter keys = converter(true);
        JsonConverter values = converter(false);
        int read = 0;
        for (String line : Files.readAllLines(path)) {
            JsonNode message = JSON.readTree(line);
            read += part("key", line, message, keys);
            read += part("value", line, message, values);
        }
        System.out.println("read " + read);
    }

    private static JsonConverter converter(boolean key) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", "true", "schemas.cache.size", "1000"), key);
        return converter;
    }

    private static int part(String name, String line, JsonNode message, JsonConverter converter) {
        JsonNode node = message.get(name);
        if (node == null || node.isNull()) {
            return 0;
        }
        String topic = message.get("topic").asText();
        try {
            byte[] bytes = JSON.writeValueAsBytes(node);
            SchemaAndValue data = converter.toConnectData(topic, bytes);
            if (data.value() instanceof Struct struct) {
                struct.validate();
            }
            JsonNode again = JSON.readTree(converter.fromConnectData(topic, data.schema(), data.value()));
            String difference = difference("", node, again);
            if (difference != null) {
                System.out.println("changed " + name + " " + difference + " " + line);
            }
            return 1;
        }
        catch (Exception error) {
            System.out.println("refused " + name + " " + error + " " + line);
            return 0;
        }
    }

    /** The first place where two JSON values differ, null where none does. Numbers are compared by their value, objects without the order of their fields. */
    private static String difference(String path, JsonNode ours, JsonNode theirs) {
        if (ours.isNumber() && theirs.isNumber()) {
            return ours.decimalValue().compareTo(theirs.decimalValue()) == 0 || ours.floatValue() == theirs.floatValue() ? null : path + ": " + ours + " became " + theirs;
        }
        if (ours.isObject() && theirs.isObject() || ours.isArray() && theirs.isArray()) {
            if (ours.size() != theirs.size()) {
                return path + ": " + ours.size() + " parts became " + theirs.size();
            }
            for (int i = 0; ours.isArray() && i < ours.size(); i++) {
                String found = difference(path + "[" + i + "]", ours.get(i), theirs.get(i));
                if (found != null) {
                    return found;
                }
            }
            for (var field : ours.properties()) {
                JsonNode other = theirs.get(field.getKey());
                String found = other == null ? path + "." + field.getKey() + " is gone" : difference(path + "." + field.getKey(), field.getValue(), other);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        return ours.equals(theirs) ? null : path + ": " + ours + " became " + theirs;
    }
}
