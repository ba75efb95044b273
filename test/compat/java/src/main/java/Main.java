import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.Header;
import io.debezium.engine.format.Json;
import io.debezium.engine.format.KeyValueHeaderChangeEventFormat;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs one Debezium engine for each NAME.properties of a folder, until standard input ends. Each message is a line of
 * NAME.jsonl there: {"topic":…,"key":…,"value":…,"headers":{…}}, its JSON as Debezium's converter wrote it.
 * `read FILE` passes lines of that form to the converter of Kafka Connect instead, see Read.
 */
public final class Main {
    public static void main(String[] words) throws Exception {
        if (words[0].equals("read")) {
            Read.file(Path.of(words[1]));
            return;
        }
        List<Engine> engines = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (var files = Files.list(Path.of(words[0]))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".properties")).sorted().toList()) {
                Engine engine = new Engine(file);
                engines.add(engine);
                engine.start(threads);
            }
        }
        while (System.in.read() != -1) {
            continue;
        }
        for (Engine engine : engines) {
            engine.stop();
        }
        threads.shutdownNow();
        System.exit(0);
    }

    private static final class Engine {
        private final DebeziumEngine<ChangeEvent<String, String>> engine;
        private final Writer out;
        private final String name;
        private Future<?> running;

        Engine(Path file) throws IOException {
            Properties properties = new Properties();
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            name = properties.getProperty("name");
            out = Files.newBufferedWriter(Path.of(file.toString().replaceAll("properties$", "jsonl")));
            engine = DebeziumEngine.create(KeyValueHeaderChangeEventFormat.of(Json.class, Json.class, Json.class))
                    .using(properties)
                    .using((success, message, error) -> System.err.println(name + " ended: " + success + " " + message + (error == null ? "" : " " + error)))
                    .notifying(this::write)
                    .build();
        }

        void start(ExecutorService threads) {
            running = threads.submit(engine);
        }

        void stop() throws Exception {
            engine.close();
            running.get();
            out.close();
        }

        private void write(ChangeEvent<String, String> event) {
            StringBuilder headers = new StringBuilder();
            for (Header<String> header : event.<String> headers()) {
                headers.append(headers.isEmpty() ? "{" : ",").append('"').append(header.getKey()).append("\":").append(header.getValue());
            }
            String tail = headers.isEmpty() ? "}" : ",\"headers\":" + headers + "}}";
            try {
                out.write("{\"topic\":\"" + event.destination() + "\",\"key\":" + event.key() + ",\"value\":" + event.value() + tail + "\n");
                out.flush();
            }
            catch (IOException error) {
                throw new IllegalStateException(error);
            }
        }
    }
}
