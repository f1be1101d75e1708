<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutCard</name>
    <message>
        <source>L&amp;icences…</source>
        <translation>L&amp;izenzen…</translation>
    </message>
    <message>
        <source>Licences of all parts</source>
        <translation>Lizenzen aller Teile</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über Onhand</translation>
    </message>
    <message>
        <source>Onhand {version}, under the MIT licence. It looks for no updates.</source>
        <translation>Onhand {version}, unter der MIT-Lizenz. Es sucht nicht nach neuen Fassungen.</translation>
    </message>
</context>
<context>
    <name>AnswerPanel</name>
    <message>
        <source>&amp;Unlock and keep it…</source>
        <translation>Entsperren und &amp;behalten…</translation>
    </message>
    <message>
        <source>Unlock the history and keep it</source>
        <translation>Den Verlauf entsperren und die Antwort behalten</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy answer</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <source>C&amp;orrect…</source>
        <translation>K&amp;orrigieren…</translation>
    </message>
    <message>
        <source>Correct answer</source>
        <translation>Antwort korrigieren</translation>
    </message>
    <message>
        <source>It is ri&amp;ght</source>
        <translation>Sie ist richti&amp;g</translation>
    </message>
    <message>
        <source>Answer is right</source>
        <translation>Die Antwort ist richtig</translation>
    </message>
    <message>
        <source>The answer will appear here</source>
        <translation>Hier erscheint die Antwort</translation>
    </message>
    <message>
        <source>Choose what to do, put in a text, and press Ctrl+Return.</source>
        <translation>Wählen Sie, was zu tun ist, geben Sie einen Text ein und drücken Sie Strg+Return.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>In Arbeit…</translation>
    </message>
    <message>
        <source>only figures were kept</source>
        <translation>nur Kennzahlen wurden aufbewahrt</translation>
    </message>
    <message>
        <source>The answer was not kept: {reason}</source>
        <translation>Die Antwort wurde nicht aufbewahrt: {reason}</translation>
    </message>
    <message>
        <source>Only {share} of the text was read</source>
        <translation>Nur {share} des Textes wurden gelesen</translation>
    </message>
    <message>
        <source>What stands in the rest did not count for this answer.</source>
        <translation>Was im Rest steht, zählte für diese Antwort nicht.</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>keine Kategorie</translation>
    </message>
    <message>
        <source>You said that this is right</source>
        <translation>Sie haben diese Antwort bestätigt</translation>
    </message>
    <message>
        <source>You corrected this answer</source>
        <translation>Sie haben diese Antwort korrigiert</translation>
    </message>
    <message>
        <source>kept in the history</source>
        <translation>im Verlauf aufbewahrt</translation>
    </message>
    <message>
        <source>not kept</source>
        <translation>nicht aufbewahrt</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>BatchForm</name>
    <message>
        <source>Task of the batch</source>
        <translation>Aufgabe des Stapels</translation>
    </message>
    <message>
        <source>Input file</source>
        <translation>Eingabedatei</translation>
    </message>
    <message>
        <source>Output file</source>
        <translation>Ausgabedatei</translation>
    </message>
    <message>
        <source>Where the answers go</source>
        <translation>Wohin die Antworten kommen</translation>
    </message>
    <message>
        <source>Replace an output that is there, and begin anew</source>
        <translation>Eine vorhandene Ausgabe ersetzen und neu beginnen</translation>
    </message>
    <message>
        <source>A table or a folder</source>
        <translation>Eine Tabelle oder ein Ordner</translation>
    </message>
    <message>
        <source>Column of the text</source>
        <translation>Spalte des Textes</translation>
    </message>
    <message>
        <source>Keep the answers of rows that did not change</source>
        <translation>Antworten unveränderter Zeilen behalten</translation>
    </message>
    <message>
        <source>Choose input file</source>
        <translation>Eingabedatei wählen</translation>
    </message>
    <message>
        <source>Fil&amp;e…</source>
        <translation>&amp;Datei…</translation>
    </message>
    <message>
        <source>F&amp;older…</source>
        <translation>&amp;Ordner…</translation>
    </message>
    <message>
        <source>Choose input folder</source>
        <translation>Eingabeordner wählen</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>W&amp;ählen…</translation>
    </message>
    <message>
        <source>Choose output file</source>
        <translation>Ausgabedatei wählen</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Text is in</source>
        <translation>Text steht in</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>The task that is set up in Work</source>
        <translation>Die Aufgabe, die unter „Arbeiten“ eingestellt ist</translation>
    </message>
    <message>
        <source>choose an input file</source>
        <translation>wählen Sie eine Eingabedatei</translation>
    </message>
    <message>
        <source>choose where the answers go</source>
        <translation>wählen Sie, wohin die Antworten kommen</translation>
    </message>
    <message>
        <source>Choose the input</source>
        <translation>Eingabe wählen</translation>
    </message>
    <message>
        <source>Choose the folder with the texts</source>
        <translation>Den Ordner mit den Texten wählen</translation>
    </message>
    <message>
        <source>Choose the output</source>
        <translation>Ausgabe wählen</translation>
    </message>
    <message>
        <source>Answers ({files})</source>
        <translation>Antworten ({files})</translation>
    </message>
    <message>
        <source>Tables ({files})</source>
        <translation>Tabellen ({files})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>BatchPage</name>
    <message>
        <source>Progress of the batch</source>
        <translation>Fortschritt des Stapels</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>Aus&amp;führen</translation>
    </message>
    <message>
        <source>Run batch</source>
        <translation>Stapel ausführen</translation>
    </message>
    <message>
        <source>&amp;Try 20 rows</source>
        <translation>20 Zeilen a&amp;usprobieren</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>A&amp;nhalten</translation>
    </message>
    <message>
        <source>Stop batch</source>
        <translation>Stapel anhalten</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Batches so far</source>
        <translation>Bisherige Stapel</translation>
    </message>
    <message>
        <source>Batches appear here, and can be gone on with</source>
        <translation>Hier erscheinen Stapel; sie lassen sich fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Go on with this one</source>
        <translation>Diesen fo&amp;rtsetzen</translation>
    </message>
    <message>
        <source>&amp;Look through answers…</source>
        <translation>Antworten durch&amp;sehen…</translation>
    </message>
    <message>
        <source>New batch</source>
        <translation>Neuer Stapel</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>A few rows are tried…</source>
        <translation>Einige Zeilen werden ausprobiert…</translation>
    </message>
    <message>
        <source>Waiting for its turn…</source>
        <translation>Wartet, bis er an der Reihe ist…</translation>
    </message>
    <message numerus="yes">
        <source>Done: %Ln rows</source>
        <translation>
            <numerusform>Fertig: %Ln Zeile</numerusform>
            <numerusform>Fertig: %Ln Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>The answers are in {path}.</source>
        <translation>Die Antworten stehen in {path}.</translation>
    </message>
    <message>
        <source>Rows that have an error instead of an answer: {number}.</source>
        <translation>Zeilen mit einem Fehler statt einer Antwort: {number}.</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message numerus="yes">
        <source>done, %Ln rows</source>
        <translation>
            <numerusform>fertig, %Ln Zeile</numerusform>
            <numerusform>fertig, %Ln Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows done</source>
        <translation>
            <numerusform>%Ln Zeile erledigt</numerusform>
            <numerusform>%Ln Zeilen erledigt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>given up after %Ln rows</source>
        <translation>
            <numerusform>nach %Ln Zeile aufgegeben</numerusform>
            <numerusform>nach %Ln Zeilen aufgegeben</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is kept of a trial.</source>
        <translation>Von einer Probe wird nichts aufbewahrt.</translation>
    </message>
    <message>
        <source>Go on with it in the list of batches: what is done stays done. If it is not in there, nothing of it was kept, and it begins anew.</source>
        <translation>Setzen Sie ihn in der Liste der Stapel fort: Was erledigt ist, bleibt erledigt. Steht er nicht darin, wurde nichts von ihm aufbewahrt, und er beginnt von vorn.</translation>
    </message>
</context>
<context>
    <name>Catalogue</name>
    <message>
        <source>100+ languages</source>
        <translation>über 100 Sprachen</translation>
    </message>
    <message>
        <source>119 languages and dialects</source>
        <translation>119 Sprachen und Dialekte</translation>
    </message>
    <message>
        <source>29+ languages</source>
        <translation>über 29 Sprachen</translation>
    </message>
    <message>
        <source>English + ~20 more</source>
        <translation>Englisch und etwa 20 weitere</translation>
    </message>
    <message>
        <source>a first try and machines with little memory; English only</source>
        <translation>einen ersten Versuch und Computer mit wenig Arbeitsspeicher; nur Englisch</translation>
    </message>
    <message>
        <source>all four kinds of task in many languages, with 2 GB of free memory</source>
        <translation>alle vier Arten von Aufgaben in vielen Sprachen, mit 2 GB freiem Arbeitsspeicher</translation>
    </message>
    <message>
        <source>all four kinds of task in twelve languages, with 2 GB of free memory</source>
        <translation>alle vier Arten von Aufgaben in zwölf Sprachen, mit 2 GB freiem Arbeitsspeicher</translation>
    </message>
    <message>
        <source>all four kinds of task, with 2 GB of free memory</source>
        <translation>alle vier Arten von Aufgaben, mit 2 GB freiem Arbeitsspeicher</translation>
    </message>
    <message>
        <source>finding passages in English by their meaning</source>
        <translation>das Finden englischer Textstellen nach ihrer Bedeutung</translation>
    </message>
    <message>
        <source>finding passages in many languages by their meaning</source>
        <translation>das Finden von Textstellen in vielen Sprachen nach ihrer Bedeutung</translation>
    </message>
    <message>
        <source>long texts with little memory: its context takes the least</source>
        <translation>lange Texte bei wenig Arbeitsspeicher: Sein Kontext braucht am wenigsten</translation>
    </message>
    <message>
        <source>rewriting and summarising in many languages, with 4 GB of free memory</source>
        <translation>Umschreiben und Zusammenfassen in vielen Sprachen, mit 4 GB freiem Arbeitsspeicher</translation>
    </message>
    <message>
        <source>rewriting and summarising in twelve languages, with 3 GB of free memory</source>
        <translation>Umschreiben und Zusammenfassen in zwölf Sprachen, mit 3 GB freiem Arbeitsspeicher</translation>
    </message>
    <message>
        <source>rewriting and summarising, with 4 GB of free memory</source>
        <translation>Umschreiben und Zusammenfassen, mit 4 GB freiem Arbeitsspeicher</translation>
    </message>
    <message>
        <source>sorting and extracting in many languages</source>
        <translation>Einordnen und Auslesen in vielen Sprachen</translation>
    </message>
    <message>
        <source>sorting and extracting in twelve languages with little memory</source>
        <translation>Einordnen und Auslesen in zwölf Sprachen bei wenig Arbeitsspeicher</translation>
    </message>
    <message>
        <source>sorting and extracting on most laptops</source>
        <translation>Einordnen und Auslesen auf den meisten Laptops</translation>
    </message>
    <message>
        <source>sorting short texts with little memory; English only</source>
        <translation>das Einordnen kurzer Texte bei wenig Arbeitsspeicher; nur Englisch</translation>
    </message>
</context>
<context>
    <name>ChangeDialog</name>
    <message>
        <source>What changes for me</source>
        <translation>Was sich für mich ändert</translation>
    </message>
    <message>
        <source>What changes with {model}?</source>
        <translation>Was ändert sich mit {model}?</translation>
    </message>
    <message>
        <source>Progress of the comparison</source>
        <translation>Fortschritt des Vergleichs</translation>
    </message>
    <message>
        <source>Compare on &amp;sample texts</source>
        <translation>Mit &amp;Beispieltexten vergleichen</translation>
    </message>
    <message>
        <source>S&amp;tay</source>
        <translation>&amp;Nicht wechseln</translation>
    </message>
    <message>
        <source>Stay with the model in use</source>
        <translation>Beim bisherigen Modell bleiben</translation>
    </message>
    <message>
        <source>S&amp;witch without looking</source>
        <translation>Ohne Vergleich &amp;wechseln</translation>
    </message>
    <message>
        <source>The texts that you pinned or corrected are answered by both models, one after the other. Nothing of it is kept.</source>
        <translation>Die Texte, die Sie angeheftet oder korrigiert haben, werden von beiden Modellen nacheinander beantwortet. Nichts davon wird aufbewahrt.</translation>
    </message>
    <message>
        <source>Texts that came with the program are answered by both models.</source>
        <translation>Texte, die mit dem Programm kamen, werden von beiden Modellen beantwortet.</translation>
    </message>
    <message>
        <source>S&amp;witch</source>
        <translation>&amp;Wechseln</translation>
    </message>
    <message>
        <source>The comparison is done.</source>
        <translation>Der Vergleich ist fertig.</translation>
    </message>
</context>
<context>
    <name>ChangeReview</name>
    <message>
        <source>Rewritten text</source>
        <translation>Umgeschriebener Text</translation>
    </message>
    <message>
        <source>j goes to the next change, k to the one before; a accepts, r rejects.</source>
        <translation>j geht zur nächsten Änderung, k zur vorigen; a nimmt an, r lehnt ab.</translation>
    </message>
    <message>
        <source>Previous change (k)</source>
        <translation>Vorige Änderung (k)</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Vorige</translation>
    </message>
    <message>
        <source>Next change (j)</source>
        <translation>Nächste Änderung (j)</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Nächste</translation>
    </message>
    <message>
        <source>Accept change (a)</source>
        <translation>Änderung annehmen (a)</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Reject change (r)</source>
        <translation>Änderung ablehnen (r)</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Undo last decision (Ctrl+Z)</source>
        <translation>Letzte Entscheidung rückgängig machen (Strg+Z)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>not decided</source>
        <translation>nicht entschieden</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>Change {number} of {count}: {verdict}.</source>
        <translation>Änderung {number} von {count}: {verdict}.</translation>
    </message>
    <message>
        <source>Put in: {new}</source>
        <translation>Eingefügt: {new}</translation>
    </message>
    <message>
        <source>Taken out: {old}</source>
        <translation>Gestrichen: {old}</translation>
    </message>
    <message>
        <source>{old} becomes {new}</source>
        <translation>{old} wird zu {new}</translation>
    </message>
</context>
<context>
    <name>ChangeView</name>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Bisher</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Danach</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>Answers that change</source>
        <translation>Antworten, die sich ändern</translation>
    </message>
    <message>
        <source>The chosen text with both answers</source>
        <translation>Der gewählte Text mit beiden Antworten</translation>
    </message>
    <message>
        <source>No answer changes.</source>
        <translation>Keine Antwort ändert sich.</translation>
    </message>
    <message numerus="yes">
        <source>{same} of %Ln answers stay the same.</source>
        <translation>
            <numerusform>{same} von %Ln Antwort bleibt gleich.</numerusform>
            <numerusform>{same} von %Ln Antworten bleiben gleich.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln texts are written by each model in its own words.</source>
        <translation>
            <numerusform>%Ln Text schreibt jedes Modell mit eigenen Worten.</numerusform>
            <numerusform>%Ln Texte schreibt jedes Modell mit eigenen Worten.</numerusform>
        </translation>
    </message>
    <message>
        <source>Which is right more often cannot be said from these.</source>
        <translation>Welches öfter richtigliegt, lässt sich daran nicht erkennen.</translation>
    </message>
    <message numerus="yes">
        <source>That is not enough to say which is right more often: %Ln are corrected.</source>
        <translation>
            <numerusform>Das reicht nicht, um zu sagen, welches öfter richtigliegt: %Ln ist korrigiert.</numerusform>
            <numerusform>Das reicht nicht, um zu sagen, welches öfter richtigliegt: %Ln sind korrigiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>The difference in right answers may be chance ({chance}).</source>
        <translation>Der Unterschied bei den richtigen Antworten kann Zufall sein ({chance}).</translation>
    </message>
    <message>
        <source>{model} is right more often; by chance that would come in {chance} of cases.</source>
        <translation>{model} liegt öfter richtig; durch Zufall käme das in {chance} der Fälle vor.</translation>
    </message>
    <message>
        <source>The texts came with the program; they are not yours.</source>
        <translation>Die Texte kamen mit dem Programm; es sind nicht Ihre eigenen.</translation>
    </message>
    <message>
        <source>Most of the corrected texts are ones that {model} had wrong, so it looks worse here than it is.</source>
        <translation>Die meisten korrigierten Texte sind solche, bei denen {model} falschlag; deshalb sieht es hier schlechter aus, als es ist.</translation>
    </message>
    <message numerus="yes">
        <source>Right, of %Ln corrected</source>
        <translation>
            <numerusform>Richtig, von %Ln korrigierten</numerusform>
            <numerusform>Richtig, von %Ln korrigierten</numerusform>
        </translation>
    </message>
    <message>
        <source>Time for an answer</source>
        <translation>Zeit für eine Antwort</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Without an answer</source>
        <translation>Ohne Antwort</translation>
    </message>
    <message>
        <source>Written with a failed check</source>
        <translation>Geschrieben, aber eine Prüfung schlug fehl</translation>
    </message>
    <message>
        <source>Now: {answer}</source>
        <translation>Bisher: {answer}</translation>
    </message>
    <message>
        <source>Then: {answer}</source>
        <translation>Danach: {answer}</translation>
    </message>
    <message>
        <source>Right: {answer}</source>
        <translation>Richtig: {answer}</translation>
    </message>
    <message>
        <source>(nothing)</source>
        <translation>(nichts)</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>{name}: choices</source>
        <translation>{name}: Auswahl</translation>
    </message>
</context>
<context>
    <name>ClassificationView</name>
    <message>
        <source>Show all labels</source>
        <translation>Alle Kategorien zeigen</translation>
    </message>
    <message>
        <source>Probability of each label</source>
        <translation>Wahrscheinlichkeit jeder Kategorie</translation>
    </message>
    <message>
        <source>No label fits</source>
        <translation>Keine Kategorie passt</translation>
    </message>
    <message numerus="yes">
        <source>Show all %Ln labels</source>
        <translation>
            <numerusform>%Ln Kategorie zeigen</numerusform>
            <numerusform>Alle %Ln Kategorien zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>{label}: {share}</source>
        <translation>{label}: {share}</translation>
    </message>
</context>
<context>
    <name>ClearButton</name>
    <message>
        <source>Empty: {name}</source>
        <translation>Leeren: {name}</translation>
    </message>
</context>
<context>
    <name>ClipboardText</name>
    <message>
        <source>Text from the clipboard</source>
        <translation>Text aus der Zwischenablage</translation>
    </message>
    <message numerus="yes">
        <source>From the clipboard: %Ln characters</source>
        <translation>
            <numerusform>Aus der Zwischenablage: %Ln Zeichen</numerusform>
            <numerusform>Aus der Zwischenablage: %Ln Zeichen</numerusform>
        </translation>
    </message>
    <message>
        <source>The clipboard holds no text. Copy some, and come back.</source>
        <translation>In der Zwischenablage ist kein Text. Kopieren Sie einen und kommen Sie wieder.</translation>
    </message>
</context>
<context>
    <name>CloudAddDialog</name>
    <message>
        <source>Add a cloud model</source>
        <translation>Ein Cloud-Modell hinzufügen</translation>
    </message>
    <message>
        <source>Cloud model</source>
        <translation>Cloud-Modell</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Form of requests</source>
        <translation>Form der Anfragen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Form of replies</source>
        <translation>Form der Antworten</translation>
    </message>
    <message>
        <source>Dollars for a million tokens read</source>
        <translation>Dollar je Million gelesener Token</translation>
    </message>
    <message>
        <source>Dollars for a million tokens written</source>
        <translation>Dollar je Million geschriebener Token</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Add it</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>like OpenAI</source>
        <translation>wie OpenAI</translation>
    </message>
    <message>
        <source>like Anthropic</source>
        <translation>wie Anthropic</translation>
    </message>
    <message>
        <source>by a schema</source>
        <translation>durch ein Schema</translation>
    </message>
    <message>
        <source>as an object</source>
        <translation>als Objekt</translation>
    </message>
    <message>
        <source>by words alone</source>
        <translation>nur durch Worte</translation>
    </message>
    <message>
        <source>The key is kept in the keyring of this system and nowhere else. It can be left empty for a server of your own. A price that is left empty is unknown; then nothing can be sent while there is a limit.</source>
        <translation>Der Schlüssel wird im Schlüsselbund dieses Systems aufbewahrt und nirgends sonst. Für einen eigenen Server kann er leer bleiben. Ein Preis, der leer bleibt, ist unbekannt; dann kann nichts gesendet werden, solange es ein Limit gibt.</translation>
    </message>
    <message>
        <source>Another one</source>
        <translation>Ein anderes</translation>
    </message>
</context>
<context>
    <name>CloudCard</name>
    <message>
        <source>A&amp;dd a cloud model…</source>
        <translation>Cloud-Modell hin&amp;zufügen…</translation>
    </message>
    <message>
        <source>Add a cloud model</source>
        <translation>Ein Cloud-Modell hinzufügen</translation>
    </message>
    <message>
        <source>What was &amp;used…</source>
        <translation>Was verbrauc&amp;ht wurde…</translation>
    </message>
    <message>
        <source>What was used</source>
        <translation>Was verbraucht wurde</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>Cloud</translation>
    </message>
    <message>
        <source>Where this is on, an answer has a button “Ask a cloud model…”. It shows the whole request first, to the last byte, with names and numbers masked, where it goes and what it can cost. Nothing is sent before you press Send there, and nothing is ever sent by itself.</source>
        <translation>Ist dies an, hat eine Antwort einen Knopf „Cloud-Modell fragen…“. Er zeigt zuerst die ganze Anfrage bis aufs letzte Byte, mit maskierten Namen und Nummern, wohin sie geht und was sie kosten kann. Nichts wird gesendet, bevor Sie dort auf „Senden“ drücken, und nie etwas von selbst.</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Test {name}</source>
        <translation>{name} prüfen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <source>The cloud model was added.</source>
        <translation>Das Cloud-Modell wurde hinzugefügt.</translation>
    </message>
    <message>
        <source>The key is only kept until Onhand ends</source>
        <translation>Der Schlüssel wird nur aufbewahrt, bis Onhand endet</translation>
    </message>
    <message>
        <source>This system has no keyring that can be used.</source>
        <translation>Dieses System hat keinen Schlüsselbund, der sich verwenden lässt.</translation>
    </message>
    <message>
        <source>A question without any text of yours was sent…</source>
        <translation>Eine Frage ohne Text von Ihnen wurde gesendet…</translation>
    </message>
    <message>
        <source>The cloud model answers.</source>
        <translation>Das Cloud-Modell antwortet.</translation>
    </message>
    <message>
        <source>It answers, but not in the form that is needed</source>
        <translation>Es antwortet, aber nicht in der Form, die gebraucht wird</translation>
    </message>
    <message>
        <source>Add it again with another form of its replies.</source>
        <translation>Fügen Sie es mit einer anderen Form der Antworten noch einmal hinzu.</translation>
    </message>
</context>
<context>
    <name>CloudSheet</name>
    <message>
        <source>Ask a cloud model</source>
        <translation>Ein Cloud-Modell fragen</translation>
    </message>
    <message>
        <source>Cloud model</source>
        <translation>Cloud-Modell</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Senden</translation>
    </message>
    <message>
        <source>Send just this</source>
        <translation>Genau dies senden</translation>
    </message>
    <message>
        <source>Stay &amp;local</source>
        <translation>&amp;Lokal bleiben</translation>
    </message>
    <message>
        <source>What would be sent, to the last byte</source>
        <translation>Was gesendet würde, bis aufs letzte Byte</translation>
    </message>
    <message>
        <source>Nothing has been sent. This is all that would be, with names and numbers masked as far as they were found: look at it. Masks may miss something.</source>
        <translation>Nichts wurde gesendet. Dies ist alles, was gesendet würde; Namen und Nummern sind maskiert, soweit sie gefunden wurden: Sehen Sie es an. Masken können etwas übersehen.</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>Looking for what names somebody…</source>
        <translation>Es wird gesucht, was jemanden nennt…</translation>
    </message>
    <message>
        <source>Nobody has looked for names</source>
        <translation>Niemand hat nach Namen gesucht</translation>
    </message>
    <message>
        <source>Nothing has been sent. Look at what would be.</source>
        <translation>Nichts wurde gesendet. Sehen Sie an, was gesendet würde.</translation>
    </message>
    <message>
        <source>Sent; waiting for the reply…</source>
        <translation>Gesendet; warten auf die Antwort…</translation>
    </message>
    <message>
        <source>Looking for what names somebody: {done} of {total} pieces…</source>
        <translation>Es wird gesucht, was jemanden nennt: {done} von {total} Stücken…</translation>
    </message>
</context>
<context>
    <name>CloudWording</name>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>{number} US dollars</source>
        <translation>{number} US-Dollar</translation>
    </message>
    <message>
        <source>{mask}  {words}  ({kind})</source>
        <translation>{mask}  {words}  ({kind})</translation>
    </message>
    <message>
        <source>word on a list</source>
        <translation>Wort einer Liste</translation>
    </message>
    <message>
        <source>pattern of the organisation</source>
        <translation>Muster der Organisation</translation>
    </message>
    <message>
        <source>e-mail address</source>
        <translation>E-Mail-Adresse</translation>
    </message>
    <message>
        <source>web address</source>
        <translation>Webadresse</translation>
    </message>
    <message>
        <source>password or key</source>
        <translation>Passwort oder Schlüssel</translation>
    </message>
    <message>
        <source>bank account</source>
        <translation>Bankkonto</translation>
    </message>
    <message>
        <source>card number</source>
        <translation>Kartennummer</translation>
    </message>
    <message>
        <source>network address</source>
        <translation>Netzwerkadresse</translation>
    </message>
    <message>
        <source>number of a person or firm</source>
        <translation>Nummer einer Person oder Firma</translation>
    </message>
    <message>
        <source>phone number</source>
        <translation>Telefonnummer</translation>
    </message>
    <message>
        <source>person</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>organisation</source>
        <translation>Organisation</translation>
    </message>
    <message>
        <source>place</source>
        <translation>Ort</translation>
    </message>
    <message numerus="yes">
        <source>%Ln bytes, just as they stand above, to {address}</source>
        <translation>
            <numerusform>%Ln Byte, genau wie es oben steht, an {address}</numerusform>
            <numerusform>%Ln Byte, genau wie sie oben stehen, an {address}</numerusform>
        </translation>
    </message>
    <message>
        <source>Model: {model}. Your key goes along; no name of yours or of this laptop.</source>
        <translation>Modell: {model}. Ihr Schlüssel geht mit; kein Name von Ihnen oder diesem Laptop.</translation>
    </message>
    <message>
        <source>Model: {model}. No key goes along, and no name of yours.</source>
        <translation>Modell: {model}. Kein Schlüssel geht mit, und kein Name von Ihnen.</translation>
    </message>
    <message>
        <source>It can cost {worst} at most.</source>
        <translation>Es kann höchstens {worst} kosten.</translation>
    </message>
    <message>
        <source>{left} may still be spent this month.</source>
        <translation>{left} dürfen diesen Monat noch ausgegeben werden.</translation>
    </message>
    <message>
        <source>The price is as of {day}.</source>
        <translation>Der Preis ist vom {day}.</translation>
    </message>
    <message>
        <source>What they keep: {page}</source>
        <translation>Was dort aufbewahrt wird: {page}</translation>
    </message>
    <message numerus="yes">
        <source>You judged %Ln answers of this model to this task: {right} were right.</source>
        <translation>
            <numerusform>Sie haben %Ln Antwort dieses Modells auf diese Aufgabe beurteilt: {right} war richtig.</numerusform>
            <numerusform>Sie haben %Ln Antworten dieses Modells auf diese Aufgabe beurteilt: {right} davon waren richtig.</numerusform>
        </translation>
    </message>
    <message>
        <source>The provider is busy; it is asked again in {seconds}.</source>
        <translation>Der Anbieter ist beschäftigt; er wird in {seconds} noch einmal gefragt.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln bytes have come back.</source>
        <translation>
            <numerusform>%Ln Byte ist zurückgekommen.</numerusform>
            <numerusform>%Ln Byte sind zurückgekommen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Sent; waiting for the reply…</source>
        <translation>Gesendet; warten auf die Antwort…</translation>
    </message>
    <message>
        <source>price unknown</source>
        <translation>Preis unbekannt</translation>
    </message>
    <message>
        <source>{read} and {written} dollars for a million tokens read and written</source>
        <translation>{read} und {written} Dollar je Million gelesener und geschriebener Token</translation>
    </message>
    <message>
        <source>less than {number} US dollars</source>
        <translation>weniger als {number} US-Dollar</translation>
    </message>
</context>
<context>
    <name>CorrectDialog</name>
    <message>
        <source>Correct the answer</source>
        <translation>Antwort korrigieren</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>Keep correction</source>
        <translation>Korrektur behalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>What is the right answer?</source>
        <translation>Was ist die richtige Antwort?</translation>
    </message>
    <message>
        <source>It is kept with this entry, and as an example of its task.</source>
        <translation>Sie wird bei diesem Eintrag aufbewahrt und als Beispiel für seine Aufgabe.</translation>
    </message>
    <message>
        <source>Right answer</source>
        <translation>Richtige Antwort</translation>
    </message>
    <message>
        <source>Right answers</source>
        <translation>Richtige Antworten</translation>
    </message>
    <message>
        <source>Right values</source>
        <translation>Richtige Werte</translation>
    </message>
    <message>
        <source>Right text</source>
        <translation>Richtiger Text</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>A fault in Onhand</source>
        <translation>Ein Fehler in Onhand</translation>
    </message>
    <message>
        <source>What happened where</source>
        <translation>Was wo geschah</translation>
    </message>
    <message>
        <source>&amp;Copy report</source>
        <translation>Bericht &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Something went wrong inside Onhand</source>
        <translation>In Onhand ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>Your text is still there. You can go on; if it happens again, please report this. The report holds nothing of your text.</source>
        <translation>Ihr Text ist noch da. Sie können weiterarbeiten; wenn es wieder geschieht, melden Sie es bitte. Der Bericht enthält nichts von Ihrem Text.</translation>
    </message>
</context>
<context>
    <name>DeletedNotice</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Undo the deletion</source>
        <translation>Das Löschen rückgängig machen</translation>
    </message>
    <message>
        <source>“{name}” is deleted</source>
        <translation>„{name}“ ist gelöscht</translation>
    </message>
    <message numerus="yes">
        <source>%Ln examples went with it.</source>
        <translation>
            <numerusform>%Ln Beispiel ist mit gelöscht.</numerusform>
            <numerusform>%Ln Beispiele sind mit gelöscht.</numerusform>
        </translation>
    </message>
    <message>
        <source>What it was taught went with it.</source>
        <translation>Was ihr beigebracht wurde, ist mit gelöscht.</translation>
    </message>
    <message>
        <source>Its answers stay in the history.</source>
        <translation>Die Antworten bleiben im Verlauf.</translation>
    </message>
</context>
<context>
    <name>DoubtWords</name>
    <message>
        <source>it asks to count or to calculate</source>
        <translation>es verlangt zu zählen oder zu rechnen</translation>
    </message>
    <message>
        <source>it takes several steps of reasoning</source>
        <translation>es verlangt mehrere Denkschritte</translation>
    </message>
    <message>
        <source>it asks for what does not stand in the text</source>
        <translation>es fragt nach etwas, das nicht im Text steht</translation>
    </message>
    <message>
        <source>it has very many labels; “Teach…” helps</source>
        <translation>es hat sehr viele Labels; „Beibringen…“ hilft</translation>
    </message>
    <message>
        <source>the text is read in many parts, never as a whole</source>
        <translation>der Text wird in vielen Teilen gelesen, nie als Ganzes</translation>
    </message>
    <message>
        <source>Small models often fail at this: {reasons}.</source>
        <translation>Daran scheitern kleine Modelle oft: {reasons}.</translation>
    </message>
</context>
<context>
    <name>EditTaskDialog</name>
    <message>
        <source>New task</source>
        <translation>Neue Aufgabe</translation>
    </message>
    <message>
        <source>Edit task</source>
        <translation>Aufgabe bearbeiten</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Ticket queue</source>
        <translation>Support-Anfragen</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was sie tut</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>Anweisung</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save the task</source>
        <translation>Aufgabe speichern</translation>
    </message>
    <message>
        <source>type an instruction</source>
        <translation>geben Sie eine Anweisung ein</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>{name}, my own</source>
        <translation>{name}, eigene</translation>
    </message>
    <message>
        <source>Rewrite as a friendly reminder.</source>
        <translation>Schreibe es als freundliche Erinnerung.</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>A history is easily damaged there. Let the data folder lie on a disk of this computer, where nothing synchronises it.</source>
        <translation>Dort wird ein Verlauf leicht beschädigt. Lassen Sie den Datenordner auf einem Datenträger dieses Computers liegen, wo ihn nichts abgleicht.</translation>
    </message>
    <message>
        <source>A pattern to be masked cannot be used</source>
        <translation>Ein Muster, das zu maskieren ist, kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Add the labels to the task, or write them as the task does.</source>
        <translation>Fügen Sie die Kategorien der Aufgabe hinzu, oder schreiben Sie sie so wie die Aufgabe.</translation>
    </message>
    <message>
        <source>Another Onhand has the history open</source>
        <translation>Ein anderes Onhand hat den Verlauf geöffnet</translation>
    </message>
    <message>
        <source>Another Onhand is working on this</source>
        <translation>Ein anderes Onhand arbeitet gerade daran</translation>
    </message>
    <message>
        <source>Another program has this key combination already</source>
        <translation>Ein anderes Programm hat diese Tastenkombination schon</translation>
    </message>
    <message>
        <source>Ask whoever manages this computer.</source>
        <translation>Fragen Sie die Person, die diesen Computer verwaltet.</translation>
    </message>
    <message>
        <source>Batches may not be spread over a cluster, because texts leave this computer then</source>
        <translation>Stapel dürfen nicht auf einen Cluster verteilt werden, weil Texte dann diesen Computer verlassen</translation>
    </message>
    <message>
        <source>Bind the command of the quick panel to a key in the desktop&apos;s settings.</source>
        <translation>Legen Sie den Befehl des Schnellfensters in den Einstellungen des Desktops auf eine Taste.</translation>
    </message>
    <message>
        <source>Check the address and the name of the model in Preferences, Cloud.</source>
        <translation>Prüfen Sie Adresse und Namen des Modells unter Einstellungen, Cloud.</translation>
    </message>
    <message>
        <source>Choose a PEM file with an Ed25519 private key.</source>
        <translation>Wählen Sie eine PEM-Datei mit einem privaten Ed25519-Schlüssel.</translation>
    </message>
    <message>
        <source>Choose a model of the catalogue, or allow others in Preferences.</source>
        <translation>Wählen Sie ein Modell aus dem Katalog, oder erlauben Sie andere in den Einstellungen.</translation>
    </message>
    <message>
        <source>Choose a model with a larger context or raise the context in Preferences, or shorten the task.</source>
        <translation>Wählen Sie ein Modell mit größerem Kontext, erhöhen Sie den Kontext in den Einstellungen, oder kürzen Sie die Aufgabe.</translation>
    </message>
    <message>
        <source>Choose a smaller model in Preferences; what was tried stands there as well.</source>
        <translation>Wählen Sie in den Einstellungen ein kleineres Modell; dort steht auch, was versucht wurde.</translation>
    </message>
    <message>
        <source>Choose an output that ends in .csv, .xlsx or .jsonl.</source>
        <translation>Wählen Sie eine Ausgabe, die auf .csv, .xlsx oder .jsonl endet.</translation>
    </message>
    <message>
        <source>Choose another one in Preferences, or free it in the other program.</source>
        <translation>Wählen Sie in den Einstellungen eine andere, oder geben Sie diese im anderen Programm frei.</translation>
    </message>
    <message>
        <source>Choose another output, or tick that it is to be replaced.</source>
        <translation>Wählen Sie eine andere Ausgabe, oder kreuzen Sie an, dass sie ersetzt werden soll.</translation>
    </message>
    <message>
        <source>Choose another place, or close the program that holds the file.</source>
        <translation>Wählen Sie einen anderen Ort, oder schließen Sie das Programm, das die Datei geöffnet hat.</translation>
    </message>
    <message>
        <source>Choose one of eight characters or more.</source>
        <translation>Wählen Sie eine mit acht oder mehr Zeichen.</translation>
    </message>
    <message>
        <source>Choose one of the models in Preferences.</source>
        <translation>Wählen Sie eines der Modelle in den Einstellungen.</translation>
    </message>
    <message>
        <source>Choose one of the models in the list.</source>
        <translation>Wählen Sie eines der Modelle in der Liste.</translation>
    </message>
    <message>
        <source>Choose one of the offered values.</source>
        <translation>Wählen Sie einen der angebotenen Werte.</translation>
    </message>
    <message>
        <source>Choose one of the tasks in the list.</source>
        <translation>Wählen Sie eine der Aufgaben in der Liste.</translation>
    </message>
    <message>
        <source>Choose the model that it was made for, or take &apos;adapter&apos; out of the task.</source>
        <translation>Wählen Sie das Modell, für das er gemacht ist, oder nehmen Sie „adapter“ aus der Aufgabe.</translation>
    </message>
    <message>
        <source>Close its window, or wait for its command to end, and try again.</source>
        <translation>Schließen Sie dessen Fenster, oder warten Sie, bis der Befehl fertig ist, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Close other programs, choose a smaller model, or lower the context in Preferences. Switching off &apos;Check memory&apos; there loads it all the same.</source>
        <translation>Schließen Sie andere Programme, wählen Sie ein kleineres Modell, oder verringern Sie den Kontext in den Einstellungen. Wenn Sie dort „Arbeitsspeicher prüfen“ ausschalten, wird es trotzdem geladen.</translation>
    </message>
    <message>
        <source>Cloud models are turned off</source>
        <translation>Cloud-Modelle sind ausgeschaltet</translation>
    </message>
    <message>
        <source>Complete what is missing and try again.</source>
        <translation>Ergänzen Sie, was fehlt, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Connect in another way, or say that it may cost something.</source>
        <translation>Stellen Sie eine andere Verbindung her, oder bestätigen Sie, dass es etwas kosten darf.</translation>
    </message>
    <message>
        <source>Copies of the history cannot be read, and would stay under the key before</source>
        <translation>Kopien des Verlaufs lassen sich nicht lesen und blieben unter dem vorigen Schlüssel</translation>
    </message>
    <message>
        <source>Copy the text out of the document and paste it, or have &apos;Require sandbox&apos; changed by whoever set it.</source>
        <translation>Kopieren Sie den Text aus dem Dokument und fügen Sie ihn ein, oder lassen Sie „Sandbox verlangen“ von der Person ändern, die es eingestellt hat.</translation>
    </message>
    <message>
        <source>Correct what is named here.</source>
        <translation>Verbessern Sie, was hier genannt ist.</translation>
    </message>
    <message>
        <source>Do not install it, unless it comes from your organisation: then &apos;Key of updates&apos; takes the fingerprint of its key.</source>
        <translation>Installieren Sie sie nicht, es sei denn, sie kommt von Ihrer Organisation: Dann nimmt „Schlüssel für Aktualisierungen“ den Fingerabdruck ihres Schlüssels.</translation>
    </message>
    <message>
        <source>Do not install it. Get the package, and the file beside it, once more.</source>
        <translation>Installieren Sie sie nicht. Holen Sie das Paket und die Datei daneben noch einmal.</translation>
    </message>
    <message>
        <source>Documents may not be opened here, because the system cannot keep what takes them apart off the network</source>
        <translation>Dokumente dürfen hier nicht geöffnet werden, weil das System das Programm, das sie zerlegt, nicht vom Netz fernhalten kann</translation>
    </message>
    <message>
        <source>Enter it again in Preferences, Cloud.</source>
        <translation>Geben Sie ihn unter Einstellungen, Cloud noch einmal ein.</translation>
    </message>
    <message>
        <source>Enter it in Preferences, Cloud.</source>
        <translation>Geben Sie ihn unter Einstellungen, Cloud ein.</translation>
    </message>
    <message>
        <source>Enter its price in Preferences, Cloud, or set both limits to 0.</source>
        <translation>Geben Sie seinen Preis unter Einstellungen, Cloud ein, oder setzen Sie beide Limits auf 0.</translation>
    </message>
    <message>
        <source>Enter the passphrase of the history.</source>
        <translation>Geben Sie die Passphrase des Verlaufs ein.</translation>
    </message>
    <message>
        <source>Enter the passphrase or the recovery code of the history.</source>
        <translation>Geben Sie die Passphrase oder den Wiederherstellungscode des Verlaufs ein.</translation>
    </message>
    <message>
        <source>Every worker needs this version of Onhand and the same model. What was answered is kept.</source>
        <translation>Jeder Worker braucht diese Version von Onhand und dasselbe Modell. Was beantwortet wurde, bleibt.</translation>
    </message>
    <message>
        <source>Fetch or copy the file again, or choose another model.</source>
        <translation>Holen oder kopieren Sie die Datei noch einmal, oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>Free some space and run it again; what was done so far is kept.</source>
        <translation>Schaffen Sie Platz und führen Sie es noch einmal aus; was bis dahin erledigt war, ist aufbewahrt.</translation>
    </message>
    <message>
        <source>Get a newer one; an older program could not open what this one has written.</source>
        <translation>Holen Sie eine neuere; ein älteres Programm könnte nicht öffnen, was dieses geschrieben hat.</translation>
    </message>
    <message>
        <source>Get the package for this system and this processor.</source>
        <translation>Holen Sie das Paket für dieses System und diesen Prozessor.</translation>
    </message>
    <message>
        <source>Give the output of every part as it was written.</source>
        <translation>Geben Sie die Ausgabe jedes Teils an, wie sie geschrieben wurde.</translation>
    </message>
    <message>
        <source>Import its file instead.</source>
        <translation>Importieren Sie stattdessen seine Datei.</translation>
    </message>
    <message>
        <source>Install the extra &apos;cluster&apos;: pip install &apos;onhand[cluster]&apos;.</source>
        <translation>Installieren Sie das Extra „cluster“: pip install &apos;onhand[cluster]&apos;.</translation>
    </message>
    <message>
        <source>Install what is named here.</source>
        <translation>Installieren Sie, was hier genannt ist.</translation>
    </message>
    <message>
        <source>It came with the program. Only tasks of your own can be deleted.</source>
        <translation>Sie kam mit dem Programm. Nur eigene Aufgaben lassen sich löschen.</translation>
    </message>
    <message>
        <source>It is not in the catalogue. If you trust where it comes from, confirm that you want it all the same.</source>
        <translation>Es steht nicht im Katalog. Wenn Sie der Herkunft vertrauen, bestätigen Sie, dass Sie es trotzdem wollen.</translation>
    </message>
    <message>
        <source>It is not loaded. Repair it in Preferences, or copy the file again.</source>
        <translation>Es wird nicht geladen. Reparieren Sie es in den Einstellungen, oder kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>It may have been removed; search the history again.</source>
        <translation>Er ist vielleicht entfernt worden; durchsuchen Sie den Verlauf noch einmal.</translation>
    </message>
    <message>
        <source>It may have cost something and counts as spent. Try again if you like.</source>
        <translation>Es kann etwas gekostet haben und zählt als ausgegeben. Versuchen Sie es noch einmal, wenn Sie wollen.</translation>
    </message>
    <message>
        <source>Look at it again, and decide again.</source>
        <translation>Sehen Sie es noch einmal an, und entscheiden Sie noch einmal.</translation>
    </message>
    <message>
        <source>Mend the folder&apos;s permissions and try again.</source>
        <translation>Berichtigen Sie die Rechte des Ordners und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Mend what is named here.</source>
        <translation>Berichtigen Sie, was hier genannt ist.</translation>
    </message>
    <message>
        <source>Models that are not in the catalogue are not allowed here</source>
        <translation>Modelle, die nicht im Katalog stehen, sind hier nicht erlaubt</translation>
    </message>
    <message>
        <source>Nobody has told what this model costs</source>
        <translation>Niemand hat gesagt, was dieses Modell kostet</translation>
    </message>
    <message>
        <source>Nobody vouches for this model</source>
        <translation>Für dieses Modell bürgt niemand</translation>
    </message>
    <message>
        <source>Nothing is pinned or corrected yet</source>
        <translation>Noch ist nichts angeheftet oder korrigiert</translation>
    </message>
    <message>
        <source>Nothing is sent to a cloud model before somebody has seen it</source>
        <translation>Nichts wird an ein Cloud-Modell gesendet, bevor es jemand gesehen hat</translation>
    </message>
    <message>
        <source>Nothing may be sent to this host</source>
        <translation>An diesen Host darf nichts gesendet werden</translation>
    </message>
    <message>
        <source>Nothing of it was taken. Ask whoever made it for their fingerprint, and confirm it if it is this one.</source>
        <translation>Nichts davon wurde übernommen. Erfragen Sie den Fingerabdruck bei der Person, die das Paket gemacht hat, und bestätigen Sie ihn, wenn er es ist.</translation>
    </message>
    <message>
        <source>Nothing of it was taken. Copy it again, or ask whoever made it.</source>
        <translation>Nichts davon wurde übernommen. Kopieren Sie es noch einmal, oder fragen Sie die Person, die es gemacht hat.</translation>
    </message>
    <message>
        <source>Nothing was sent, because it is not what you were shown</source>
        <translation>Nichts wurde gesendet, weil es nicht das ist, was Ihnen gezeigt wurde</translation>
    </message>
    <message>
        <source>Nothing was sent. Check the connection, the address and the setting &apos;proxy&apos;.</source>
        <translation>Nichts wurde gesendet. Prüfen Sie die Verbindung, die Adresse und die Einstellung „Proxy“.</translation>
    </message>
    <message>
        <source>Nothing was sent. Correct it in Preferences, Cloud, or ask whoever manages this computer.</source>
        <translation>Nichts wurde gesendet. Berichtigen Sie es in Einstellungen, Cloud, oder fragen Sie, wer diesen Computer verwaltet.</translation>
    </message>
    <message>
        <source>Nothing was sent. Preferences, Cloud has the limits.</source>
        <translation>Nichts wurde gesendet. Die Limits stehen unter Einstellungen, Cloud.</translation>
    </message>
    <message>
        <source>Pin or correct some answers in Work or History, or compare on texts that come with the program.</source>
        <translation>Heften Sie unter „Arbeiten“ oder „Verlauf“ einige Antworten an oder korrigieren Sie welche, oder vergleichen Sie mit Texten, die mit dem Programm kommen.</translation>
    </message>
    <message>
        <source>Preferences, Cloud adds one.</source>
        <translation>Unter Einstellungen, Cloud fügen Sie eines hinzu.</translation>
    </message>
    <message>
        <source>Preferences, Cloud turns them on; nothing is sent before you see it.</source>
        <translation>Unter Einstellungen, Cloud schalten Sie sie ein; nichts wird gesendet, bevor Sie es sehen.</translation>
    </message>
    <message>
        <source>Put the file of the same name that ends in .onhandupdate beside it, which comes with each package.</source>
        <translation>Legen Sie die gleichnamige Datei mit der Endung .onhandupdate daneben, die zu jedem Paket gehört.</translation>
    </message>
    <message>
        <source>Remove the file itself, or ask whoever looks after this machine.</source>
        <translation>Entfernen Sie die Datei selbst, oder fragen Sie die Person, die sich um diesen Computer kümmert.</translation>
    </message>
    <message>
        <source>Restore the newest that is good.</source>
        <translation>Stellen Sie die neueste gute wieder her.</translation>
    </message>
    <message>
        <source>Run this on a terminal; there is no option that skips the question.</source>
        <translation>Führen Sie dies in einem Terminal aus; keine Option überspringt die Frage.</translation>
    </message>
    <message>
        <source>Save it as plain text (UTF-8) and try again.</source>
        <translation>Speichern Sie sie als reinen Text (UTF-8) und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Set a passphrase first.</source>
        <translation>Legen Sie zuerst eine Passphrase fest.</translation>
    </message>
    <message>
        <source>Set a passphrase for the history, or let nothing be kept.</source>
        <translation>Legen Sie eine Passphrase für den Verlauf fest, oder lassen Sie nichts aufbewahren.</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Stored data is damaged</source>
        <translation>Gespeicherte Daten sind beschädigt</translation>
    </message>
    <message>
        <source>The Onhand that is running does not answer</source>
        <translation>Das laufende Onhand antwortet nicht</translation>
    </message>
    <message>
        <source>The account with the provider has no credit left, or has reached its limit there.</source>
        <translation>Das Konto beim Anbieter hat kein Guthaben mehr oder sein Limit dort erreicht.</translation>
    </message>
    <message>
        <source>The answer of the model on this laptop stands.</source>
        <translation>Die Antwort des Modells auf diesem Laptop bleibt bestehen.</translation>
    </message>
    <message>
        <source>The answer of the model on this laptop stands. Try again in some minutes.</source>
        <translation>Die Antwort des Modells auf diesem Laptop bleibt bestehen. Versuchen Sie es in einigen Minuten noch einmal.</translation>
    </message>
    <message>
        <source>The answer of the model on this laptop stands. Try again later.</source>
        <translation>Die Antwort des Modells auf diesem Laptop bleibt bestehen. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The cloud model did not answer in time</source>
        <translation>Das Cloud-Modell hat nicht rechtzeitig geantwortet</translation>
    </message>
    <message>
        <source>The cloud model gave no answer</source>
        <translation>Das Cloud-Modell gab keine Antwort</translation>
    </message>
    <message>
        <source>The cluster did not answer</source>
        <translation>Der Cluster hat nicht geantwortet</translation>
    </message>
    <message>
        <source>The connection is metered</source>
        <translation>Die Verbindung ist getaktet</translation>
    </message>
    <message>
        <source>The data folder cannot be written</source>
        <translation>In den Datenordner kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The data folder lies in a place that is shared with other computers</source>
        <translation>Der Datenordner liegt an einem Ort, den mehrere Computer teilen</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>Der Datenträger ist voll</translation>
    </message>
    <message>
        <source>The download did not come through</source>
        <translation>Der Download kam nicht durch</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly</source>
        <translation>Die Engine endete unerwartet</translation>
    </message>
    <message>
        <source>The engine failed repeatedly</source>
        <translation>Die Engine ist wiederholt ausgefallen</translation>
    </message>
    <message>
        <source>The engine may not run here, because the system cannot keep it off the network</source>
        <translation>Die Engine darf hier nicht laufen, weil das System sie nicht vom Netz fernhalten kann</translation>
    </message>
    <message>
        <source>The examples have labels that the task does not know</source>
        <translation>Die Beispiele haben Kategorien, die die Aufgabe nicht kennt</translation>
    </message>
    <message>
        <source>The file was left as it is; the newest good backup can be put in its place.</source>
        <translation>Die Datei wurde gelassen, wie sie war; die neueste gute Sicherung kann an ihre Stelle treten.</translation>
    </message>
    <message>
        <source>The history comes from a newer version of Onhand</source>
        <translation>Der Verlauf stammt von einer neueren Version von Onhand</translation>
    </message>
    <message>
        <source>The history is locked</source>
        <translation>Der Verlauf ist gesperrt</translation>
    </message>
    <message>
        <source>The input cannot be read as text</source>
        <translation>Die Eingabe lässt sich nicht als Text lesen</translation>
    </message>
    <message>
        <source>The key for this cloud model is not here</source>
        <translation>Der Schlüssel für dieses Cloud-Modell ist nicht hier</translation>
    </message>
    <message>
        <source>The keyring is the only thing that opens this history</source>
        <translation>Nur der Schlüsselbund öffnet diesen Verlauf</translation>
    </message>
    <message>
        <source>The keyring of this system cannot be used</source>
        <translation>Der Schlüsselbund dieses Systems kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>The model file cannot be used</source>
        <translation>Die Modelldatei kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>The model file is damaged, or is another one</source>
        <translation>Die Modelldatei ist beschädigt oder eine andere</translation>
    </message>
    <message>
        <source>The model is not on this machine</source>
        <translation>Das Modell ist nicht auf diesem Computer</translation>
    </message>
    <message>
        <source>The model pack is damaged, or is none</source>
        <translation>Das Modellpaket ist beschädigt oder keines</translation>
    </message>
    <message>
        <source>The model pack was signed by somebody unknown</source>
        <translation>Das Modellpaket wurde von jemand Unbekanntem signiert</translation>
    </message>
    <message>
        <source>The output cannot be written</source>
        <translation>Die Ausgabe kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The passphrase cannot be used</source>
        <translation>Die Passphrase kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>The passphrase is needed, so that it opens the new key as well</source>
        <translation>Die Passphrase wird gebraucht, damit sie auch den neuen Schlüssel öffnet</translation>
    </message>
    <message>
        <source>The provider does not accept the key</source>
        <translation>Der Anbieter nimmt den Schlüssel nicht an</translation>
    </message>
    <message>
        <source>The provider does not take this request</source>
        <translation>Der Anbieter nimmt diese Anfrage nicht an</translation>
    </message>
    <message>
        <source>The provider has too much to do</source>
        <translation>Der Anbieter hat zu viel zu tun</translation>
    </message>
    <message>
        <source>The provider of the cloud model cannot be reached</source>
        <translation>Der Anbieter des Cloud-Modells ist nicht zu erreichen</translation>
    </message>
    <message>
        <source>The provider wants money first</source>
        <translation>Der Anbieter will zuerst Geld</translation>
    </message>
    <message>
        <source>The reply of the cloud model broke off</source>
        <translation>Die Antwort des Cloud-Modells brach ab</translation>
    </message>
    <message>
        <source>The setting cannot be changed like this</source>
        <translation>Die Einstellung lässt sich so nicht ändern</translation>
    </message>
    <message>
        <source>The signing key cannot be used</source>
        <translation>Der Signaturschlüssel kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>The task cannot be used</source>
        <translation>Die Aufgabe kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>The task&apos;s adapter cannot be used</source>
        <translation>Der Adapter der Aufgabe kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>The text and the task do not fit into the model&apos;s memory</source>
        <translation>Der Text und die Aufgabe passen nicht in den Kontext des Modells</translation>
    </message>
    <message>
        <source>The unfinished job of this output began differently</source>
        <translation>Der unfertige Auftrag dieser Ausgabe begann anders</translation>
    </message>
    <message>
        <source>The update is damaged, incomplete or none at all</source>
        <translation>Die Aktualisierung ist beschädigt, unvollständig oder gar keine</translation>
    </message>
    <message>
        <source>The update is for another kind of computer</source>
        <translation>Die Aktualisierung ist für eine andere Art von Computer</translation>
    </message>
    <message>
        <source>The update is not newer than this program</source>
        <translation>Die Aktualisierung ist nicht neuer als dieses Programm</translation>
    </message>
    <message>
        <source>The update is signed with a key that is not known here</source>
        <translation>Die Aktualisierung ist mit einem Schlüssel signiert, der hier nicht bekannt ist</translation>
    </message>
    <message>
        <source>The window cannot open on this system</source>
        <translation>Das Fenster kann auf diesem System nicht geöffnet werden</translation>
    </message>
    <message>
        <source>There is a file of this name already</source>
        <translation>Eine Datei dieses Namens gibt es schon</translation>
    </message>
    <message>
        <source>There is no keyring that could hold the key of the history</source>
        <translation>Es gibt keinen Schlüsselbund, der den Schlüssel des Verlaufs aufnehmen könnte</translation>
    </message>
    <message>
        <source>There is no model to go back to</source>
        <translation>Es gibt kein Modell, zu dem sich zurückkehren ließe</translation>
    </message>
    <message>
        <source>There is no such backup</source>
        <translation>Diese Sicherung gibt es nicht</translation>
    </message>
    <message>
        <source>There is no such cloud model here</source>
        <translation>Ein solches Cloud-Modell gibt es hier nicht</translation>
    </message>
    <message>
        <source>There is no such entry in the history</source>
        <translation>Diesen Eintrag gibt es im Verlauf nicht</translation>
    </message>
    <message>
        <source>There is no such model in the catalogue</source>
        <translation>Dieses Modell gibt es im Katalog nicht</translation>
    </message>
    <message>
        <source>There is no such task</source>
        <translation>Diese Aufgabe gibt es nicht</translation>
    </message>
    <message>
        <source>There is no text</source>
        <translation>Es gibt keinen Text</translation>
    </message>
    <message>
        <source>There is not enough memory for the model</source>
        <translation>Der Arbeitsspeicher reicht für das Modell nicht</translation>
    </message>
    <message>
        <source>These are not all the parts of one batch</source>
        <translation>Das sind nicht alle Teile eines Stapels</translation>
    </message>
    <message>
        <source>This cannot be run as it stands</source>
        <translation>So lässt sich das nicht ausführen</translation>
    </message>
    <message>
        <source>This cloud model cannot be used as it is described</source>
        <translation>Dieses Cloud-Modell lässt sich so, wie es beschrieben ist, nicht verwenden</translation>
    </message>
    <message>
        <source>This could cost more than may be spent</source>
        <translation>Dies könnte mehr kosten, als ausgegeben werden darf</translation>
    </message>
    <message>
        <source>This desktop lets no program have a key combination for itself</source>
        <translation>Dieser Desktop lässt keinem Programm eine Tastenkombination für sich allein</translation>
    </message>
    <message>
        <source>This is managed by your organisation and cannot be changed here</source>
        <translation>Das wird von Ihrer Organisation verwaltet und kann hier nicht geändert werden</translation>
    </message>
    <message>
        <source>This model cannot be downloaded</source>
        <translation>Dieses Modell kann nicht heruntergeladen werden</translation>
    </message>
    <message>
        <source>This model is not in your own model folder</source>
        <translation>Dieses Modell liegt nicht in Ihrem eigenen Modellordner</translation>
    </message>
    <message>
        <source>This package is not signed</source>
        <translation>Dieses Paket ist nicht signiert</translation>
    </message>
    <message>
        <source>This passphrase does not open the history</source>
        <translation>Diese Passphrase öffnet den Verlauf nicht</translation>
    </message>
    <message>
        <source>This table cannot be written</source>
        <translation>Diese Tabelle kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>This task cannot be deleted</source>
        <translation>Diese Aufgabe lässt sich nicht löschen</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Try again; the recovery code works in its place. Nothing was changed.</source>
        <translation>Versuchen Sie es noch einmal; statt ihrer gilt auch der Wiederherstellungscode. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Turn on &apos;Allow a cluster&apos;, unless it is managed.</source>
        <translation>Schalten Sie „Cluster erlauben“ ein, wenn es nicht verwaltet wird.</translation>
    </message>
    <message>
        <source>Turn on &apos;Updates from files&apos;, unless it is managed.</source>
        <translation>Schalten Sie „Aktualisierungen aus Dateien“ ein, falls das nicht verwaltet wird.</translation>
    </message>
    <message>
        <source>Type or paste a text, or drop a file.</source>
        <translation>Geben Sie einen Text ein, fügen Sie einen ein, oder ziehen Sie eine Datei herein.</translation>
    </message>
    <message>
        <source>Undo the change to go on with it. Or tick above that rows that did not change keep their answers, or that the output is to be replaced, and run it again.</source>
        <translation>Machen Sie die Änderung rückgängig, um fortzufahren. Oder kreuzen Sie oben an, dass unveränderte Zeilen ihre Antworten behalten oder die Ausgabe ersetzt werden soll, und führen Sie den Stapel noch einmal aus.</translation>
    </message>
    <message>
        <source>Unlock it and try again, or set a passphrase.</source>
        <translation>Entsperren Sie ihn und versuchen Sie es noch einmal, oder legen Sie eine Passphrase fest.</translation>
    </message>
    <message>
        <source>Until they are gone both keys are kept, and both open the history.</source>
        <translation>Bis sie fort sind, werden beide Schlüssel behalten, und beide öffnen den Verlauf.</translation>
    </message>
    <message>
        <source>Update Onhand. Nothing was changed.</source>
        <translation>Aktualisieren Sie Onhand. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Updates from files may not be used here</source>
        <translation>Aktualisierungen aus Dateien dürfen hier nicht verwendet werden</translation>
    </message>
    <message>
        <source>Use Onhand on a Linux with seccomp, or have &apos;Require sandbox&apos; changed by whoever set it.</source>
        <translation>Verwenden Sie Onhand auf einem Linux mit seccomp, oder lassen Sie „Sandbox verlangen“ von der Person ändern, die es eingestellt hat.</translation>
    </message>
    <message>
        <source>Wait for it to end, or stop it, and try again.</source>
        <translation>Warten Sie, bis es fertig ist, oder halten Sie es an, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Wait until it is done, or end it, and try again.</source>
        <translation>Warten Sie, bis es fertig ist, oder beenden Sie es, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>What has arrived is kept. Check the connection, and go on.</source>
        <translation>Was angekommen ist, bleibt. Prüfen Sie die Verbindung und setzen Sie den Download fort.</translation>
    </message>
    <message>
        <source>What speaks to a cluster is not installed</source>
        <translation>Was mit einem Cluster spricht, ist nicht installiert</translation>
    </message>
    <message>
        <source>What the cloud model wrote cannot be used</source>
        <translation>Was das Cloud-Modell schrieb, lässt sich nicht verwenden</translation>
    </message>
    <message>
        <source>Your text is still here. Run it again: the engine starts anew.</source>
        <translation>Ihr Text ist noch da. Führen Sie es noch einmal aus: Die Engine startet neu.</translation>
    </message>
    <message>
        <source>Entries of this batch were forgotten while it ran</source>
        <translation>Einträge dieses Stapels wurden vergessen, während er lief</translation>
    </message>
    <message>
        <source>Run it again; if the output is not to be replaced, only the rows whose answers are gone are answered anew.</source>
        <translation>Führen Sie ihn noch einmal aus; soll die Ausgabe nicht ersetzt werden, werden nur die Zeilen neu beantwortet, deren Antworten weg sind.</translation>
    </message>
    <message>
        <source>It was finished, given up or forgotten meanwhile; begin a new one.</source>
        <translation>Er wurde inzwischen abgeschlossen, aufgegeben oder vergessen; beginnen Sie einen neuen.</translation>
    </message>
    <message>
        <source>This batch cannot be gone on with any more</source>
        <translation>Dieser Stapel kann nicht mehr fortgesetzt werden</translation>
    </message>
</context>
<context>
    <name>ExamplesDialog</name>
    <message>
        <source>Examples of a task</source>
        <translation>Beispiele einer Aufgabe</translation>
    </message>
    <message>
        <source>Examples and corrections</source>
        <translation>Beispiele und Korrekturen</translation>
    </message>
    <message>
        <source>There are none yet</source>
        <translation>Es gibt noch keine</translation>
    </message>
    <message>
        <source>Chosen example</source>
        <translation>Gewähltes Beispiel</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Remove chosen examples</source>
        <translation>Gewählte Beispiele entfernen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>What you remove teaches no more from the next lesson on. Entries of the history stay, without their correction; backups keep it until they are replaced.</source>
        <translation>Was Sie entfernen, lehrt ab der nächsten Lektion nichts mehr. Einträge des Verlaufs bleiben, ohne ihre Korrektur; Sicherungen behalten es, bis sie ersetzt werden.</translation>
    </message>
    <message>
        <source>this task</source>
        <translation>dieser Aufgabe</translation>
    </message>
    <message>
        <source>Examples and corrections of {task}</source>
        <translation>Beispiele und Korrekturen von {task}</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>a file</source>
        <translation>einer Datei</translation>
    </message>
    <message>
        <source>a correction</source>
        <translation>einer Korrektur</translation>
    </message>
    <message>
        <source>Removed: {number}</source>
        <translation>Entfernt: {number}</translation>
    </message>
</context>
<context>
    <name>ExtractionView</name>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Values found</source>
        <translation>Gefundene Werte</translation>
    </message>
    <message>
        <source>Up and down show where a value comes from; Return edits it.</source>
        <translation>Auf und Ab zeigen, woher ein Wert kommt; die Eingabetaste bearbeitet ihn.</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Kopieren als</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Return or a double click edits a value.</source>
        <translation>Die Eingabetaste oder ein Doppelklick bearbeitet einen Wert.</translation>
    </message>
    <message>
        <source>Values found: {number}.</source>
        <translation>Gefundene Werte: {number}.</translation>
    </message>
    <message>
        <source>Value of {field}</source>
        <translation>Wert von {field}</translation>
    </message>
    <message>
        <source>not in the text</source>
        <translation>nicht im Text</translation>
    </message>
    <message>
        <source>inferred · {share}</source>
        <translation>erschlossen · {share}</translation>
    </message>
    <message>
        <source>found · {share}</source>
        <translation>gefunden · {share}</translation>
    </message>
    <message>
        <source>sure</source>
        <translation>sicher</translation>
    </message>
    <message>
        <source>please check</source>
        <translation>bitte prüfen</translation>
    </message>
    <message>
        <source>taken out by you</source>
        <translation>von Ihnen gestrichen</translation>
    </message>
    <message>
        <source>yours, not in the text</source>
        <translation>von Ihnen, nicht im Text</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>von Ihnen</translation>
    </message>
</context>
<context>
    <name>FieldsEditor</name>
    <message>
        <source>Fields, one a line: name = what it is</source>
        <translation>Felder, eines je Zeile: Name = was es ist</translation>
    </message>
    <message>
        <source>company = name of the shop
total = amount paid</source>
        <translation>firma = Name des Geschäfts
summe = bezahlter Betrag</translation>
    </message>
    <message>
        <source>type at least one field, one a line</source>
        <translation>geben Sie mindestens ein Feld ein, eines je Zeile</translation>
    </message>
</context>
<context>
    <name>FileOpening</name>
    <message>
        <source>The examples of the task were not kept.</source>
        <translation>Die Beispiele der Aufgabe wurden nicht behalten.</translation>
    </message>
    <message>
        <source>They are texts, and there is no key to encrypt them with.</source>
        <translation>Sie sind Texte, und es gibt keinen Schlüssel, um sie zu verschlüsseln.</translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <source>Welcome to Onhand</source>
        <translation>Willkommen bei Onhand</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Herunterladen</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren…</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Ein Modell importieren</translation>
    </message>
    <message>
        <source>&amp;Skip</source>
        <translation>Über&amp;springen</translation>
    </message>
    <message>
        <source>Skip the introduction</source>
        <translation>Die Einführung überspringen</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>It is managed by your organisation.</source>
        <translation>Das wird von Ihrer Organisation verwaltet.</translation>
    </message>
    <message>
        <source>Your organisation has chosen the model of this laptop: {model}. Where it is not here yet, it can be downloaded now.</source>
        <translation>Ihre Organisation hat das Modell dieses Laptops gewählt: {model}. Wenn es noch nicht hier ist, kann es jetzt heruntergeladen werden.</translation>
    </message>
    <message>
        <source>A small language model, on your laptop alone</source>
        <translation>Ein kleines Sprachmodell, nur auf Ihrem Laptop</translation>
    </message>
    <message>
        <source>Onhand sorts texts into labels, finds values in them, and rewrites or shortens them. Your texts stay on this laptop.</source>
        <translation>Onhand ordnet Texte in Kategorien ein, findet Werte darin und schreibt sie um oder kürzt sie. Ihre Texte bleiben auf diesem Laptop.</translation>
    </message>
    <message>
        <source>It came with a starter model. That is for trying things out and for teaching Onhand your labels: it is quick, knows English only and is often wrong.</source>
        <translation>Ein Startmodell ist schon dabei. Es ist zum Ausprobieren da und um Onhand Ihre Kategorien beizubringen: Es ist schnell, kann nur Englisch und liegt oft falsch.</translation>
    </message>
    <message>
        <source>The next step is a larger model, which is right far more often. Choose one on the next page, now or later.</source>
        <translation>Der nächste Schritt ist ein größeres Modell, das viel öfter richtigliegt. Wählen Sie auf der nächsten Seite eines, jetzt oder später.</translation>
    </message>
    <message>
        <source>Which model?</source>
        <translation>Welches Modell?</translation>
    </message>
    <message>
        <source>The one that suits this laptop is chosen already. You can work with the starter while it downloads.</source>
        <translation>Das passende für diesen Laptop ist schon gewählt. Während es lädt, können Sie mit dem Startmodell arbeiten.</translation>
    </message>
    <message>
        <source>A first try</source>
        <translation>Ein erster Versuch</translation>
    </message>
    <message>
        <source>Who wrote this, and how can they be reached? See what Onhand finds.</source>
        <translation>Wer hat das geschrieben, und wie ist die Person zu erreichen? Sehen Sie, was Onhand findet.</translation>
    </message>
    <message>
        <source>Sample text</source>
        <translation>Beispieltext</translation>
    </message>
    <message>
        <source>It is often wrong with the starter. Correct it: corrections teach, and show later what a larger model changes for you.</source>
        <translation>Mit dem Startmodell ist es oft falsch. Korrigieren Sie es: Korrekturen lehren und zeigen später, was ein größeres Modell für Sie ändert.</translation>
    </message>
    <message>
        <source>Step {number} of {all}</source>
        <translation>Schritt {number} von {all}</translation>
    </message>
    <message>
        <source>&amp;Try it</source>
        <translation>&amp;Ausprobieren</translation>
    </message>
    <message>
        <source>fits best</source>
        <translation>passt am besten</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>&amp;Verwenden</translation>
    </message>
    <message>
        <source>This one answers now.</source>
        <translation>Dieses antwortet jetzt.</translation>
    </message>
    <message>
        <source>It is here already.</source>
        <translation>Es ist schon hier.</translation>
    </message>
</context>
<context>
    <name>ForgetDialog</name>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>What to forget</source>
        <translation>Was vergessen werden soll</translation>
    </message>
    <message>
        <source>Task to forget</source>
        <translation>Aufgabe, die vergessen werden soll</translation>
    </message>
    <message>
        <source>&amp;Delete these copies</source>
        <translation>Diese Kopien &amp;löschen</translation>
    </message>
    <message>
        <source>Delete copies that cannot be read</source>
        <translation>Kopien löschen, die sich nicht lesen lassen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>&amp;Vergessen</translation>
    </message>
    <message>
        <source>Forget now</source>
        <translation>Jetzt vergessen</translation>
    </message>
    <message numerus="yes">
        <source>The %Ln chosen entries</source>
        <translation>
            <numerusform>Den gewählten Eintrag</numerusform>
            <numerusform>Die %Ln gewählten Einträge</numerusform>
        </translation>
    </message>
    <message>
        <source>All entries of one task</source>
        <translation>Alle Einträge einer Aufgabe</translation>
    </message>
    <message>
        <source>All entries that are older</source>
        <translation>Alle älteren Einträge</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>Older than</source>
        <translation>Älter als</translation>
    </message>
    <message>
        <source>days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>How far forgetting is</source>
        <translation>Wie weit das Vergessen ist</translation>
    </message>
    <message>
        <source>What shall be forgotten?</source>
        <translation>Was soll vergessen werden?</translation>
    </message>
    <message>
        <source>Forgetting…</source>
        <translation>Wird vergessen…</translation>
    </message>
    <message>
        <source>Backup {number} of {total} is written anew…</source>
        <translation>Sicherung {number} von {total} wird neu geschrieben…</translation>
    </message>
    <message>
        <source>These copies cannot be read, and may still hold them, encrypted: {names}</source>
        <translation>Diese Kopien lassen sich nicht lesen und können es noch enthalten, verschlüsselt: {names}</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>ForgetWords</name>
    <message numerus="yes">
        <source>%Ln entries will be forgotten.</source>
        <translation>
            <numerusform>%Ln Eintrag wird vergessen.</numerusform>
            <numerusform>%Ln Einträge werden vergessen.</numerusform>
        </translation>
    </message>
    <message>
        <source>It goes from the history and its search index, with corrections and what was learned from them, from the journals of batches, from drafts and saved prefixes, and from all backups ({number}): each is written anew without it, and checked. This cannot be undone.</source>
        <translation>Das verschwindet aus dem Verlauf und seinem Suchindex, mit Korrekturen und was daraus gelernt wurde, aus den Protokollen der Stapel, aus Entwürfen und gespeicherten Anfängen und aus allen Sicherungen ({number}): Jede wird ohne es neu geschrieben und geprüft. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>What stays: files that you exported or that a batch wrote, and what other programs copied.</source>
        <translation>Was bleibt: Dateien, die Sie exportiert haben oder die ein Stapel schrieb, und was andere Programme kopiert haben.</translation>
    </message>
    <message>
        <source>These are still where they were written:</source>
        <translation>Diese liegen noch dort, wohin sie geschrieben wurden:</translation>
    </message>
    <message>
        <source>– {file}, written on {moment}</source>
        <translation>– {file}, geschrieben am {moment}</translation>
    </message>
    <message numerus="yes">
        <source>– and %Ln more</source>
        <translation>
            <numerusform>– und %Ln weitere</numerusform>
            <numerusform>– und %Ln weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln entries are forgotten. Backups written anew: {backups}.</source>
        <translation>
            <numerusform>%Ln Eintrag ist vergessen. Neu geschriebene Sicherungen: {backups}.</numerusform>
            <numerusform>%Ln Einträge sind vergessen. Neu geschriebene Sicherungen: {backups}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Onhand: a short guide</source>
        <translation>Onhand: eine kurze Anleitung</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Anleitung</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation>Die Anleitung schließen</translation>
    </message>
    <message>
        <source>index.html</source>
        <translation>index_de.html</translation>
    </message>
</context>
<context>
    <name>HistoryExport</name>
    <message>
        <source>Export what is shown</source>
        <translation>Das Gezeigte exportieren</translation>
    </message>
    <message>
        <source>Spreadsheet (*.csv)</source>
        <translation>Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
</context>
<context>
    <name>HistoryFilters</name>
    <message>
        <source>Kind of task</source>
        <translation>Art der Aufgabe</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Alle Arten</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>All tasks</source>
        <translation>Alle Aufgaben</translation>
    </message>
    <message>
        <source>Lane</source>
        <translation>Einschätzung</translation>
    </message>
    <message>
        <source>All lanes</source>
        <translation>Alle Einschätzungen</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Please check</source>
        <translation>Bitte prüfen</translation>
    </message>
    <message>
        <source>Too hard</source>
        <translation>Zu schwer</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Alle Modelle</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>The last 7 days</source>
        <translation>Die letzten 7 Tage</translation>
    </message>
    <message>
        <source>The last 30 days</source>
        <translation>Die letzten 30 Tage</translation>
    </message>
    <message>
        <source>The last year</source>
        <translation>Das letzte Jahr</translation>
    </message>
    <message>
        <source>From a day to a day</source>
        <translation>Von einem Tag bis zu einem Tag</translation>
    </message>
    <message>
        <source>From this day on</source>
        <translation>Von diesem Tag an</translation>
    </message>
    <message>
        <source>Up to this day</source>
        <translation>Bis zu diesem Tag</translation>
    </message>
    <message>
        <source>A day, for example {day}</source>
        <translation>Ein Tag, zum Beispiel {day}</translation>
    </message>
    <message>
        <source>This is no day: {text}. A day is written like {day}.</source>
        <translation>Das ist kein Tag: {text}. Ein Tag wird so geschrieben: {day}.</translation>
    </message>
</context>
<context>
    <name>HistoryNotice</name>
    <message>
        <source>Un&amp;lock…</source>
        <translation>Ent&amp;sperren…</translation>
    </message>
    <message>
        <source>Unlock history</source>
        <translation>Verlauf entsperren</translation>
    </message>
    <message>
        <source>&amp;Restore a backup…</source>
        <translation>Sicherung &amp;wiederherstellen…</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Search the history</source>
        <translation>Den Verlauf durchsuchen</translation>
    </message>
    <message>
        <source>Search texts, answers and tasks</source>
        <translation>Texte, Antworten und Aufgaben durchsuchen</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Text and answer</source>
        <translation>Text und Antwort</translation>
    </message>
    <message>
        <source>&amp;Open in Work</source>
        <translation>In „Arbeiten“ ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Correct…</source>
        <translation>&amp;Korrigieren…</translation>
    </message>
    <message>
        <source>Correct answer</source>
        <translation>Antwort korrigieren</translation>
    </message>
    <message>
        <source>&amp;Pin</source>
        <translation>An&amp;heften</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>Export what is shown</source>
        <translation>Das Gezeigte exportieren</translation>
    </message>
    <message>
        <source>For&amp;get…</source>
        <translation>Ver&amp;gessen…</translation>
    </message>
    <message>
        <source>Forget entries</source>
        <translation>Einträge vergessen</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln chosen</source>
        <translation>
            <numerusform>%Ln gewählt</numerusform>
            <numerusform>%Ln gewählt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln shown</source>
        <translation>
            <numerusform>%Ln gezeigt</numerusform>
            <numerusform>%Ln gezeigt</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>Every answer you get in Work is kept here</source>
        <translation>Jede Antwort aus „Arbeiten“ wird hier aufbewahrt</translation>
    </message>
    <message>
        <source>Un&amp;pin</source>
        <translation>&amp;Lösen</translation>
    </message>
    <message>
        <source>{name} is written</source>
        <translation>{name} ist geschrieben</translation>
    </message>
    <message>
        <source>It is not encrypted, and forgetting does not reach it.</source>
        <translation>Es ist nicht verschlüsselt, und Vergessen erreicht es nicht.</translation>
    </message>
</context>
<context>
    <name>InputBox</name>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Type or paste a text, or drop a file here.</source>
        <translation>Geben Sie einen Text ein, fügen Sie einen ein, oder ziehen Sie eine Datei hierher.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>The history is damaged</source>
        <translation>Der Verlauf ist beschädigt</translation>
    </message>
    <message>
        <source>It was left as it is. Answers cannot be kept until a backup takes its place; the damaged file is set aside then, not deleted.</source>
        <translation>Er wurde gelassen, wie er war. Antworten können erst wieder aufbewahrt werden, wenn eine Sicherung an seine Stelle tritt; die beschädigte Datei wird dann beiseitegelegt, nicht gelöscht.</translation>
    </message>
</context>
<context>
    <name>KeepingNotice</name>
    <message>
        <source>&amp;Restore a backup…</source>
        <translation>Sicherung &amp;wiederherstellen…</translation>
    </message>
    <message>
        <source>Restore a backup of the history</source>
        <translation>Eine Sicherung des Verlaufs wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close the notice on the history</source>
        <translation>Den Hinweis zum Verlauf schließen</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Who can open the history</source>
        <translation>Wer den Verlauf öffnen kann</translation>
    </message>
    <message>
        <source>Passphrase as it is now</source>
        <translation>Bisherige Passphrase</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Neue Passphrase</translation>
    </message>
    <message>
        <source>New passphrase, once more</source>
        <translation>Neue Passphrase, noch einmal</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>Wiederherstellungscode</translation>
    </message>
    <message>
        <source>&amp;Set passphrase</source>
        <translation>&amp;Passphrase setzen</translation>
    </message>
    <message>
        <source>New &amp;recovery code</source>
        <translation>Neuer &amp;Wiederherstellungscode</translation>
    </message>
    <message>
        <source>Change the &amp;key</source>
        <translation>&amp;Schlüssel wechseln</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>Schl&amp;ießen</translation>
    </message>
    <message>
        <source>The history is encrypted with a key that nobody types. Each of these ways leads to it; if the last one is lost, so is the history.</source>
        <translation>Der Verlauf ist mit einem Schlüssel verschlüsselt, den niemand eintippt. Jeder dieser Wege führt zu ihm; geht der letzte verloren, ist auch der Verlauf verloren.</translation>
    </message>
    <message>
        <source>Keyring of this computer</source>
        <translation>Schlüsselbund dieses Computers</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Key of your organisation</source>
        <translation>Schlüssel Ihrer Organisation</translation>
    </message>
    <message>
        <source>Another key makes what somebody may have learned of the one before useless: the history and all its backups are written anew. It needs the passphrase as it is now, if there is one.</source>
        <translation>Ein anderer Schlüssel macht nutzlos, was jemand vom bisherigen erfahren haben mag: Der Verlauf und alle Sicherungen werden neu geschrieben. Dazu braucht es die bisherige Passphrase, falls es eine gibt.</translation>
    </message>
    <message>
        <source>opens it</source>
        <translation>öffnet ihn</translation>
    </message>
    <message>
        <source>does not</source>
        <translation>öffnet ihn nicht</translation>
    </message>
    <message>
        <source>The two passphrases are not the same.</source>
        <translation>Die beiden Passphrasen sind nicht gleich.</translation>
    </message>
    <message>
        <source>The new passphrase opens the history from now on.</source>
        <translation>Die neue Passphrase öffnet von jetzt an den Verlauf.</translation>
    </message>
    <message>
        <source>Nobody can tell it to you again.</source>
        <translation>Niemand kann sie Ihnen noch einmal sagen.</translation>
    </message>
    <message>
        <source>This recovery code is shown once.</source>
        <translation>Dieser Wiederherstellungscode wird nur einmal gezeigt.</translation>
    </message>
    <message>
        <source>Print it and keep it apart from this computer. An earlier one is void.</source>
        <translation>Drucken Sie ihn aus und verwahren Sie ihn nicht bei diesem Computer. Ein früherer gilt nicht mehr.</translation>
    </message>
    <message>
        <source>Everything is written anew…</source>
        <translation>Alles wird neu geschrieben…</translation>
    </message>
    <message>
        <source>The history has another key.</source>
        <translation>Der Verlauf hat einen anderen Schlüssel.</translation>
    </message>
    <message>
        <source>Files under it: {number}</source>
        <translation>Dateien darunter: {number}</translation>
    </message>
    <message>
        <source>Delete them and change the &amp;key</source>
        <translation>Löschen und &amp;Schlüssel wechseln</translation>
    </message>
</context>
<context>
    <name>KeysEdit</name>
    <message>
        <source>Press the keys that shall do this.</source>
        <translation>Drücken Sie die Tasten, die das tun sollen.</translation>
    </message>
</context>
<context>
    <name>LabelledFields</name>
    <message>
        <source>File with labelled rows</source>
        <translation>Datei mit Zeilen und Kategorien</translation>
    </message>
    <message>
        <source>A .csv, .tsv, .xlsx or .jsonl file</source>
        <translation>Eine Datei .csv, .tsv, .xlsx oder .jsonl</translation>
    </message>
    <message>
        <source>Column of the text</source>
        <translation>Spalte des Textes</translation>
    </message>
    <message>
        <source>Column of the label</source>
        <translation>Spalte der Kategorie</translation>
    </message>
    <message>
        <source>Leave out rows with unknown labels</source>
        <translation>Zeilen mit unbekannten Kategorien auslassen</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>&amp;Wählen…</translation>
    </message>
    <message>
        <source>Choose a file of labelled rows</source>
        <translation>Eine Datei mit Zeilen und Kategorien wählen</translation>
    </message>
    <message>
        <source>Labelled rows</source>
        <translation>Zeilen mit Kategorie</translation>
    </message>
    <message>
        <source>Text is in</source>
        <translation>Text steht in</translation>
    </message>
    <message>
        <source>Label is in</source>
        <translation>Kategorie steht in</translation>
    </message>
    <message>
        <source>choose a file with labelled rows</source>
        <translation>wählen Sie eine Datei mit Zeilen und Kategorien</translation>
    </message>
    <message>
        <source>Choose labelled rows</source>
        <translation>Zeilen mit Kategorie wählen</translation>
    </message>
    <message>
        <source>Labelled rows (*.csv *.tsv *.xlsx *.parquet *.jsonl *.ndjson)</source>
        <translation>Zeilen mit Kategorien (*.csv *.tsv *.xlsx *.parquet *.jsonl *.ndjson)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Column of the right text</source>
        <translation>Spalte des richtigen Textes</translation>
    </message>
    <message>
        <source>Right text is in</source>
        <translation>Richtiger Text steht in</translation>
    </message>
</context>
<context>
    <name>LabelsEditor</name>
    <message>
        <source>Labels, one a line: name = what belongs in it</source>
        <translation>Kategorien, eine je Zeile: Name = was dazugehört</translation>
    </message>
    <message>
        <source>billing = charges, refunds, invoices
technical = something is broken</source>
        <translation>rechnung = Abbuchungen, Erstattungen, Rechnungen
technik = etwas ist kaputt</translation>
    </message>
    <message>
        <source>Se&amp;veral labels may fit</source>
        <translation>Mehrere Ka&amp;tegorien können passen</translation>
    </message>
    <message>
        <source>Answer where no label fits</source>
        <translation>Antwort, wenn keine Kategorie passt</translation>
    </message>
    <message>
        <source>Answer if none fits (may be empty)</source>
        <translation>Antwort, wenn keine passt (darf leer sein)</translation>
    </message>
    <message>
        <source>type at least two labels, one a line</source>
        <translation>geben Sie mindestens zwei Kategorien ein, eine je Zeile</translation>
    </message>
</context>
<context>
    <name>LaneLine</name>
    <message>
        <source>What does this say?</source>
        <translation>Was sagt das?</translation>
    </message>
    <message>
        <source>“Sure” is said of answers of which so few are wrong, by those that you judged, as Preferences promise; “Please check” of those to look at before you use them, “Too hard” of those that were mostly wrong. It is learned from “Correct…” and “It is right”; until you judged {number} answers of a task, nobody can tell how often the model is wrong on your texts. Nothing of this leaves the laptop.</source>
        <translation>„Sicher“ heißen Antworten, von denen, nach dem, was Sie beurteilt haben, nur so wenige falsch sind, wie die Einstellungen zusagen; „Bitte prüfen“ solche, die Sie vor der Verwendung ansehen sollten, „Zu schwer“ solche, die meist falsch waren. Gelernt wird das aus „Korrigieren…“ und „Sie ist richtig“; bis Sie {number} Antworten einer Aufgabe beurteilt haben, kann niemand sagen, wie oft das Modell bei Ihren Texten falsch liegt. Nichts davon verlässt den Laptop.</translation>
    </message>
</context>
<context>
    <name>Leaving</name>
    <message>
        <source>As&amp;k a cloud model…</source>
        <translation>&amp;Cloud-Modell fragen…</translation>
    </message>
    <message>
        <source>Ask a cloud model</source>
        <translation>Ein Cloud-Modell fragen</translation>
    </message>
</context>
<context>
    <name>LedgerDialog</name>
    <message>
        <source>What left this computer</source>
        <translation>Was diesen Computer verlassen hat</translation>
    </message>
    <message>
        <source>Connections, sandbox, policies and models</source>
        <translation>Verbindungen, Sandbox, Richtlinien und Modelle</translation>
    </message>
    <message>
        <source>Looking at models and engine…</source>
        <translation>Modelle und Engine werden angesehen…</translation>
    </message>
    <message>
        <source>&amp;Save as a page…</source>
        <translation>Als Seite &amp;speichern…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Save the page</source>
        <translation>Die Seite speichern</translation>
    </message>
    <message>
        <source>Page (*.html)</source>
        <translation>Seite (*.html)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>{name} is saved</source>
        <translation>{name} ist gespeichert</translation>
    </message>
</context>
<context>
    <name>LessonNotice</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Undo the lesson</source>
        <translation>Die Lektion rückgängig machen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the notice on the lesson</source>
        <translation>Den Hinweis zur Lektion schließen</translation>
    </message>
</context>
<context>
    <name>LessonWords</name>
    <message>
        <source>With your {texts} corrections {after} of {texts} instead of {before} are right.</source>
        <translation>Mit Ihren {texts} Korrekturen stimmen {after} von {texts} statt {before}.</translation>
    </message>
    <message>
        <source>There are {texts} labelled texts, and it takes {least}.</source>
        <translation>Es gibt {texts} Texte mit Kategorie, und es braucht {least}.</translation>
    </message>
    <message>
        <source>All labelled texts have the same label.</source>
        <translation>Alle Texte haben dieselbe Kategorie.</translation>
    </message>
    <message>
        <source>Of {texts} labelled texts {before} are right without what they teach, and {after} with it. That could be chance.</source>
        <translation>Von {texts} Texten mit Kategorie stimmen {before} ohne das, was sie lehren, und {after} damit. Das kann Zufall sein.</translation>
    </message>
    <message>
        <source>Of {texts} labelled texts {before} were right before, and {after} are with what the others teach.</source>
        <translation>Von {texts} Texten mit Kategorie stimmten vorher {before}, und mit dem, was die anderen lehren, stimmen {after}.</translation>
    </message>
    <message>
        <source>The task answers with what it learned from now on</source>
        <translation>Die Aufgabe antwortet von jetzt an mit dem, was sie gelernt hat</translation>
    </message>
    <message>
        <source>With your {texts} corrections {after} of {texts} instead of {before} have all labels right (F1 {f1} instead of {f1_before}).</source>
        <translation>Mit Ihren {texts} Korrekturen stimmen bei {after} von {texts} statt bei {before} alle Kategorien (F1 {f1} statt {f1_before}).</translation>
    </message>
    <message>
        <source>The task answers as before</source>
        <translation>Die Aufgabe antwortet wie bisher</translation>
    </message>
    <message>
        <source>Of {texts} labelled texts {before} have all labels right without what they teach, and {after} with it (F1 {f1_before} and {f1}). That could be chance.</source>
        <translation>Von {texts} Texten mit Kategorie stimmen ohne das, was sie lehren, bei {before} alle Kategorien, und damit bei {after} (F1 {f1_before} und {f1}). Das könnte Zufall sein.</translation>
    </message>
    <message>
        <source>Of {texts} labelled texts {before} had all labels right before, and {after} have with what the others teach (F1 {f1_before} before, {f1} now).</source>
        <translation>Von {texts} Texten mit Kategorie stimmten vorher bei {before} alle Kategorien, und mit dem, was die anderen lehren, bei {after} (F1 vorher {f1_before}, jetzt {f1}).</translation>
    </message>
    <message>
        <source>With {model} it was taught nothing so far. {texts} labelled texts are kept: what you corrected, called right, or gave it in a file. From {least} on it can learn.</source>
        <translation>Mit {model} hat sie bisher nichts gelernt. Aufbewahrte Texte mit Kategorie: {texts}; es sind die, die Sie korrigiert, richtig genannt oder in einer Datei gegeben haben. Ab {least} kann sie lernen.</translation>
    </message>
    <message>
        <source>With {model} it was taught by {teacher} on {day}, with {learned} texts: to {after} of them it gives the same answer, instead of {before}. {texts} texts that people labelled are kept by now.</source>
        <translation>Mit {model} hat sie am {day} von {teacher} gelernt, an {learned} Texten: {after} davon gibt sie dieselbe Antwort, statt {before}. Aufbewahrte Texte mit Kategorie von Menschen: {texts}.</translation>
    </message>
    <message>
        <source>With {model} it was taught by {learned} labelled texts on {day}: {after} of them have all labels right instead of {before}. {texts} are kept by now.</source>
        <translation>Mit {model} hat sie am {day} an {learned} Texten mit Kategorie gelernt: Bei {after} davon stimmen alle Kategorien, statt bei {before}. Aufbewahrt sind inzwischen {texts}.</translation>
    </message>
    <message>
        <source>With {model} it was taught by {learned} labelled texts on {day}: {after} of them are right instead of {before}. {texts} are kept by now.</source>
        <translation>Mit {model} hat sie am {day} aus {learned} Texten mit Kategorie gelernt: {after} davon stimmen statt {before}. Inzwischen aufbewahrt: {texts}.</translation>
    </message>
    <message>
        <source>With your {texts} corrections {after} of {texts} instead of {before} have all values right (F1 {f1} instead of {f1_before}).</source>
        <translation>Mit Ihren {texts} Korrekturen stimmen bei {after} von {texts} alle Werte statt bei {before} (F1 {f1} statt {f1_before}).</translation>
    </message>
    <message>
        <source>Of {texts} labelled texts {before} have all values right without what they teach, and {after} with it (F1 {f1_before} and {f1}). That could be chance.</source>
        <translation>Von {texts} Texten mit richtigen Werten stimmen ohne das, was sie lehren, bei {before} alle Werte, und damit bei {after} (F1 {f1_before} und {f1}). Das könnte Zufall sein.</translation>
    </message>
    <message>
        <source>Of {texts} labelled texts {before} had all values right before, and {after} have with what the others teach (F1 {f1_before} before, {f1} now).</source>
        <translation>Von {texts} Texten mit richtigen Werten stimmten bisher bei {before} alle Werte, und mit dem, was die anderen lehren, bei {after} (F1 bisher {f1_before}, jetzt {f1}).</translation>
    </message>
    <message>
        <source>With {model} it was taught by {learned} labelled texts on {day}: {after} of them have all values right instead of {before}. {texts} are kept by now.</source>
        <translation>Mit {model} hat sie am {day} aus {learned} Texten mit richtigen Werten gelernt: Bei {after} davon stimmen alle Werte statt bei {before}. Inzwischen aufbewahrt: {texts}.</translation>
    </message>
    <message>
        <source>With your corrections {edits} of 100 words instead of {edits_before} have to be changed in what is written.</source>
        <translation>Mit Ihren Korrekturen sind in dem, was geschrieben wird, {edits} von 100 Wörtern zu ändern statt {edits_before}.</translation>
    </message>
    <message>
        <source>Each of the {texts} texts is longer than the {most} letters that a model is shown.</source>
        <translation>Jeder der {texts} Texte ist länger als die {most} Zeichen, die einem Modell gezeigt werden.</translation>
    </message>
    <message>
        <source>Of 100 words that are written {edits_before} have to be changed without what the {texts} texts show, and {edits} with it. That could be chance.</source>
        <translation>Von 100 geschriebenen Wörtern sind ohne das, was die {texts} Texte zeigen, {edits_before} zu ändern und damit {edits}. Das könnte Zufall sein.</translation>
    </message>
    <message>
        <source>Of 100 words that were written {edits_before} had to be changed before, and {edits} have with what the others show. {texts} texts were tried.</source>
        <translation>Von 100 geschriebenen Wörtern waren vorher {edits_before} zu ändern, mit dem, was die anderen zeigen, sind es {edits}. Versucht wurde das an {texts} Texten.</translation>
    </message>
    <message>
        <source>With {model} it was taught on {day}, tried on {learned} texts: {edits} of 100 words have to be changed instead of {edits_before}. {texts} texts are kept by now.</source>
        <translation>Mit {model} hat sie am {day} gelernt, versucht an {learned} Texten: {edits} von 100 Wörtern sind zu ändern statt {edits_before}. Inzwischen aufbewahrt: {texts}.</translation>
    </message>
</context>
<context>
    <name>Lessons</name>
    <message>
        <source>The task answers as before.</source>
        <translation>Die Aufgabe antwortet wie bisher.</translation>
    </message>
</context>
<context>
    <name>LicencesWindow</name>
    <message>
        <source>Onhand: licences</source>
        <translation>Onhand: Lizenzen</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close the licences</source>
        <translation>Lizenzen schließen</translation>
    </message>
</context>
<context>
    <name>MailChoice</name>
    <message>
        <source>Without &amp;quotations and signature</source>
        <translation>Ohne &amp;Zitate und Signatur</translation>
    </message>
    <message>
        <source>Without quotations and signature</source>
        <translation>Ohne Zitate und Signatur</translation>
    </message>
</context>
<context>
    <name>ManagedCard</name>
    <message>
        <source>Setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>How far</source>
        <translation>Wie weit</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>Richtlinie</translation>
    </message>
    <message>
        <source>From where</source>
        <translation>Woher</translation>
    </message>
    <message>
        <source>Policies</source>
        <translation>Richtlinien</translation>
    </message>
    <message>
        <source>Managed</source>
        <translation>Verwaltet</translation>
    </message>
    <message>
        <source>Looking for policies…</source>
        <translation>Richtlinien werden gesucht…</translation>
    </message>
    <message>
        <source>Some policies cannot be used, and do not hold:</source>
        <translation>Einige Richtlinien können nicht verwendet werden und gelten nicht:</translation>
    </message>
    <message>
        <source>{policy} stands in {place}. {help}</source>
        <translation>{policy} steht in {place}. {help}</translation>
    </message>
    <message>
        <source>Your organisation manages nothing here.</source>
        <translation>Ihre Organisation verwaltet hier nichts.</translation>
    </message>
    <message>
        <source>Your organisation recommends settings, and fixes none.</source>
        <translation>Ihre Organisation empfiehlt Einstellungen und legt keine fest.</translation>
    </message>
    <message>
        <source>Your organisation manages this computer. What is fixed cannot be changed here; what is recommended holds until you choose otherwise. Policies are read when Onhand starts.</source>
        <translation>Ihre Organisation verwaltet diesen Computer. Was festgelegt ist, kann hier nicht geändert werden; was empfohlen ist, gilt, bis Sie anders wählen. Richtlinien werden beim Start von Onhand gelesen.</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>fixed</source>
        <translation>festgelegt</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>empfohlen</translation>
    </message>
</context>
<context>
    <name>MeasureDetails</name>
    <message>
        <source>Model that the details are about</source>
        <translation>Modell, um das es bei den Einzelheiten geht</translation>
    </message>
    <message>
        <source>Reliability curve</source>
        <translation>Zuverlässigkeitskurve</translation>
    </message>
    <message>
        <source>how sure it looked</source>
        <translation>wie sicher es schien</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>Error against coverage</source>
        <translation>Fehler gegen Abdeckung</translation>
    </message>
    <message>
        <source>share of the texts that stays</source>
        <translation>Anteil der Texte, der bleibt</translation>
    </message>
    <message>
        <source>wrong among them</source>
        <translation>falsch darunter</translation>
    </message>
    <message>
        <source>Threshold of confidence, in per cent</source>
        <translation>Schwelle der Sicherheit, in Prozent</translation>
    </message>
    <message>
        <source>Details of</source>
        <translation>Einzelheiten zu</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
</context>
<context>
    <name>MeasureForm</name>
    <message>
        <source>Task to measure</source>
        <translation>Aufgabe, die gemessen wird</translation>
    </message>
    <message>
        <source>Rows at most</source>
        <translation>Höchstzahl der Zeilen</translation>
    </message>
    <message>
        <source>A row names all labels of its text, with “; ” between them.</source>
        <translation>Eine Zeile nennt alle Kategorien ihres Textes, mit „; “ dazwischen.</translation>
    </message>
    <message>
        <source>Keep no&amp;thing of this</source>
        <translation>Ni&amp;chts davon aufbewahren</translation>
    </message>
    <message>
        <source>The task that is set up in Work</source>
        <translation>Die Aufgabe, die unter „Arbeiten“ eingestellt ist</translation>
    </message>
    <message>
        <source>{model} ({size})</source>
        <translation>{model} ({size})</translation>
    </message>
    <message>
        <source>Measure {model}</source>
        <translation>{model} messen</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>A row has a column for each field, called as the field is.</source>
        <translation>Eine Zeile hat für jedes Feld eine Spalte, die so heißt wie das Feld.</translation>
    </message>
    <message>
        <source>A row has a text, and the text as it should be written.</source>
        <translation>Eine Zeile hat einen Text und den Text, wie er geschrieben sein soll.</translation>
    </message>
</context>
<context>
    <name>MeasureLabels</name>
    <message>
        <source>Confusion table</source>
        <translation>Verwechslungstabelle</translation>
    </message>
    <message>
        <source>What is found, and what is missed</source>
        <translation>Was gefunden und was übersehen wird</translation>
    </message>
    <message>
        <source>What is taken for what</source>
        <translation>Was wofür gehalten wird</translation>
    </message>
    <message>
        <source>What is found and missed</source>
        <translation>Was gefunden und was übersehen wird</translation>
    </message>
</context>
<context>
    <name>MeasurePage</name>
    <message>
        <source>Progress of the measurement</source>
        <translation>Fortschritt der Messung</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>Me&amp;ssen</translation>
    </message>
    <message>
        <source>Measure now</source>
        <translation>Jetzt messen</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Stop the measurement</source>
        <translation>Die Messung anhalten</translation>
    </message>
    <message>
        <source>Your rows</source>
        <translation>Ihre Zeilen</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Waiting for its turn…</source>
        <translation>Die Messung wartet, bis sie an der Reihe ist…</translation>
    </message>
    <message>
        <source>Stopped. Nothing was kept.</source>
        <translation>Angehalten. Nichts wurde aufbewahrt.</translation>
    </message>
    <message>
        <source>Which model is the smallest that clears your bar? Drop rows with a text and what is right for it, tick models, and see. Only figures of it are kept.</source>
        <translation>Welches ist das kleinste Modell, das Ihre Messlatte schafft? Ziehen Sie Zeilen mit einem Text und dem, was für ihn richtig ist, hierher, haken Sie Modelle an und sehen Sie selbst. Nur Zahlen davon werden aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>MeasureReport</name>
    <message>
        <source>Save the report</source>
        <translation>Den Bericht speichern</translation>
    </message>
    <message>
        <source>Page (*.html)</source>
        <translation>Seite (*.html)</translation>
    </message>
    <message>
        <source>Picture (*.png)</source>
        <translation>Bild (*.png)</translation>
    </message>
    <message>
        <source>Drawing (*.svg)</source>
        <translation>Zeichnung (*.svg)</translation>
    </message>
    <message>
        <source>Workbook (*.xlsx)</source>
        <translation>Arbeitsmappe (*.xlsx)</translation>
    </message>
    <message>
        <source>The report is in {path}.</source>
        <translation>Der Bericht steht in {path}.</translation>
    </message>
    <message>
        <source>No text is in it.</source>
        <translation>Kein Text ist darin.</translation>
    </message>
</context>
<context>
    <name>MeasureView</name>
    <message>
        <source>Bar: accuracy that is enough, in per cent</source>
        <translation>Messlatte: Genauigkeit, die genügt, in Prozent</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Models side by side</source>
        <translation>Modelle nebeneinander</translation>
    </message>
    <message>
        <source>seconds a text</source>
        <translation>Sekunden je Text</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>Which rows to show</source>
        <translation>Welche Zeilen gezeigt werden</translation>
    </message>
    <message>
        <source>Rows that were measured</source>
        <translation>Gemessene Zeilen</translation>
    </message>
    <message>
        <source>There are no such rows</source>
        <translation>Solche Zeilen gibt es nicht</translation>
    </message>
    <message>
        <source>Chosen row</source>
        <translation>Gewählte Zeile</translation>
    </message>
    <message>
        <source>Save re&amp;port…</source>
        <translation>&amp;Bericht speichern…</translation>
    </message>
    <message>
        <source>Save a report</source>
        <translation>Einen Bericht speichern</translation>
    </message>
    <message>
        <source>Your bar</source>
        <translation>Ihre Messlatte</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>All labels right</source>
        <translation>Alle richtig</translation>
    </message>
    <message>
        <source>Micro-F1</source>
        <translation>Mikro-F1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>Macro-F1</source>
        <translation>Makro-F1</translation>
    </message>
    <message>
        <source>ECE</source>
        <translation>ECE</translation>
    </message>
    <message>
        <source>Seconds a text</source>
        <translation>Sekunden je Text</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Taught by</source>
        <translation>Gelernt aus</translation>
    </message>
    <message>
        <source>Rows on which the models differ</source>
        <translation>Zeilen, bei denen sich die Modelle unterscheiden</translation>
    </message>
    <message>
        <source>Rows that {model} has wrong</source>
        <translation>Zeilen, die {model} falsch hat</translation>
    </message>
    <message>
        <source>How good against seconds</source>
        <translation>Güte gegen Sekunden</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>All values right</source>
        <translation>Alle Werte richtig</translation>
    </message>
    <message>
        <source>Words that stay</source>
        <translation>Wörter, die bleiben</translation>
    </message>
    <message>
        <source>Nothing to change</source>
        <translation>Nichts zu ändern</translation>
    </message>
</context>
<context>
    <name>MeasureWords</name>
    <message>
        <source>None of these models clears your bar of {bar}.</source>
        <translation>Keines dieser Modelle nimmt Ihre Messlatte von {bar}.</translation>
    </message>
    <message>
        <source>The smallest model that clears your bar of {bar} is {model}.</source>
        <translation>Das kleinste Modell, das Ihre Messlatte von {bar} nimmt, ist {model}.</translation>
    </message>
    <message>
        <source>With {number} texts that could be luck: its accuracy may be as low as {low}.</source>
        <translation>Bei {number} Texten kann das Glück sein: Seine Genauigkeit kann auch nur {low} betragen.</translation>
    </message>
    <message>
        <source>With {number} texts that could be luck: as few as {low} may have all labels right.</source>
        <translation>Bei {number} Texten kann das Glück sein: Auch nur {low} könnten alle Kategorien richtig haben.</translation>
    </message>
    <message>
        <source>{number} of these texts taught {model}, so it looks better here than it is. Measure with others.</source>
        <translation>{model} hat aus {number} dieser Texte gelernt und sieht hier deshalb besser aus, als es ist. Messen Sie mit anderen.</translation>
    </message>
    <message>
        <source>{model} has no answer for {number} texts.</source>
        <translation>Texte, auf die {model} keine Antwort hat: {number}.</translation>
    </message>
    <message>
        <source>The difference between {first} and {second} may be chance ({chance}).</source>
        <translation>Der Unterschied zwischen {first} und {second} kann Zufall sein ({chance}).</translation>
    </message>
    <message>
        <source>An answer is right where it has all labels of its text, and no others.</source>
        <translation>Eine Antwort ist richtig, wenn sie alle Kategorien ihres Textes hat und keine anderen.</translation>
    </message>
    <message>
        <source>{number} of these texts have none.</source>
        <translation>{number} dieser Texte haben keine.</translation>
    </message>
    <message>
        <source>all labels right</source>
        <translation>alle Kategorien richtig</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>{model} is at least {sure} sure of none of the texts.</source>
        <translation>{model} ist sich bei keinem der Texte zu mindestens {sure} sicher.</translation>
    </message>
    <message>
        <source>{model} is at least {sure} sure of {stays} of the texts; of those answers {wrong} are wrong. The rest would be for you to check.</source>
        <translation>{model} ist sich bei {stays} der Texte zu mindestens {sure} sicher; von diesen Antworten sind {wrong} falsch. Den Rest müssten Sie prüfen.</translation>
    </message>
    <message>
        <source>By the costs of the task, one of those answers costs {cost} on average; one of all {all} would.</source>
        <translation>Nach den Kosten der Aufgabe kostet eine dieser Antworten im Mittel {cost}; unter allen wären es {all}.</translation>
    </message>
    <message>
        <source>By what you judged so far, {model} calls none of these answers sure.</source>
        <translation>Nach dem, was Sie bisher beurteilt haben, nennt {model} keine dieser Antworten sicher.</translation>
    </message>
    <message>
        <source>By what you judged so far, {model} calls {stays} of these answers sure; {wrong} of those are wrong.</source>
        <translation>Nach dem, was Sie bisher beurteilt haben, nennt {model} {stays} dieser Antworten sicher; {wrong} davon sind falsch.</translation>
    </message>
    <message>
        <source>{accuracy} ({low} to {high})</source>
        <translation>{accuracy} ({low} bis {high})</translation>
    </message>
    <message>
        <source>F1 over all labels is {f1} ({low} to {high}), of a text {text} on average.</source>
        <translation>F1 über alle Kategorien ist {f1} ({low} bis {high}), im Mittel der Texte {text}.</translation>
    </message>
    <message>
        <source>{median}, 95 % within {most}</source>
        <translation>{median}, 95 % in höchstens {most}</translation>
    </message>
    <message>
        <source>{model}: {accuracy} right, {seconds} a text.</source>
        <translation>{model}: {accuracy} richtig, {seconds} je Text.</translation>
    </message>
    <message>
        <source>{model}: {accuracy} with all labels right, {seconds} a text.</source>
        <translation>{model}: {accuracy} mit allen Kategorien richtig, {seconds} je Text.</translation>
    </message>
    <message>
        <source>Of {number} answers that looked {sure} sure, {right} are right.</source>
        <translation>Von {number} Antworten, die zu {sure} sicher schienen, stimmen {right}.</translation>
    </message>
    <message>
        <source>With {number} texts that could be luck: its F1 may be as low as {low}.</source>
        <translation>Bei {number} Texten könnte das Glück sein: Sein F1 kann bis auf {low} hinuntergehen.</translation>
    </message>
    <message>
        <source>F1 is over all values; one is right that says what the row says, whatever its case, its spaces and its form. How sure it looks is told by field.</source>
        <translation>F1 gilt für alle Werte; richtig ist einer, der sagt, was die Zeile sagt, gleich wie groß, mit welchen Leerzeichen und in welcher Form er geschrieben ist. Wie sicher es aussieht, wird nach Feldern angegeben.</translation>
    </message>
    <message>
        <source>F1 of the values</source>
        <translation>F1 der Werte</translation>
    </message>
    <message>
        <source>fields right</source>
        <translation>Felder richtig</translation>
    </message>
    <message>
        <source>share of the fields that stays</source>
        <translation>Anteil der Felder, der bleibt</translation>
    </message>
    <message>
        <source>share of the texts that stays</source>
        <translation>Anteil der Texte, der bleibt</translation>
    </message>
    <message>
        <source>{model} is at least {sure} sure of none of the fields.</source>
        <translation>{model} ist sich bei keinem der Felder zu mindestens {sure} sicher.</translation>
    </message>
    <message>
        <source>{model} is at least {sure} sure of {stays} of the fields; of those {wrong} are wrong. The rest would be for you to check.</source>
        <translation>{model} ist sich bei {stays} der Felder zu mindestens {sure} sicher; davon sind {wrong} falsch. Den Rest müssten Sie prüfen.</translation>
    </message>
    <message>
        <source>By what you judged so far, {model} calls none of these fields sure.</source>
        <translation>Nach dem, was Sie bisher beurteilt haben, nennt {model} keines dieser Felder sicher.</translation>
    </message>
    <message>
        <source>By what you judged so far, {model} calls {stays} of these fields sure; {wrong} of those are wrong.</source>
        <translation>Nach dem, was Sie bisher beurteilt haben, nennt {model} {stays} dieser Felder sicher; davon sind {wrong} falsch.</translation>
    </message>
    <message>
        <source>F1 over all values is {f1} ({low} to {high}), of a text {text} on average.</source>
        <translation>F1 über alle Werte ist {f1} ({low} bis {high}), eines Textes im Mittel {text}.</translation>
    </message>
    <message>
        <source>{model}: an F1 of {accuracy}, {seconds} a text.</source>
        <translation>{model}: ein F1 von {accuracy}, {seconds} je Text.</translation>
    </message>
    <message>
        <source>Of {number} fields that looked {sure} sure, {right} are right.</source>
        <translation>Von {number} Feldern, die zu {sure} sicher aussahen, sind {right} richtig.</translation>
    </message>
    <message>
        <source>With {number} texts that could be luck: as few as {low} of the words may stay as they are.</source>
        <translation>Bei {number} Texten könnte das Glück sein: Vielleicht können nur {low} der Wörter bleiben.</translation>
    </message>
    <message>
        <source>Words can stay that need not be taken out, put in or replaced until the text is the right one, word by word; one may say as much in other words.</source>
        <translation>Bleiben können Wörter, die nicht gestrichen, eingesetzt oder ersetzt werden müssen, bis der Text Wort für Wort der richtige ist; dasselbe lässt sich auch mit anderen Wörtern sagen.</translation>
    </message>
    <message>
        <source>words that can stay</source>
        <translation>Wörter, die bleiben können</translation>
    </message>
    <message>
        <source>nothing to change</source>
        <translation>nichts zu ändern</translation>
    </message>
    <message>
        <source>{model} is at least {sure} sure of {stays} of the texts; of those {wrong} need a change. The rest would be for you to check.</source>
        <translation>{model} ist sich bei {stays} der Texte zu mindestens {sure} sicher; davon ist an {wrong} etwas zu ändern. Den Rest hätten Sie zu prüfen.</translation>
    </message>
    <message>
        <source>{model}: {accuracy} of the words can stay, {seconds} a text.</source>
        <translation>{model}: {accuracy} der Wörter können bleiben, {seconds} je Text.</translation>
    </message>
    <message>
        <source>Of {number} texts that looked {sure} sure, {right} need no change.</source>
        <translation>Von {number} Texten, die zu {sure} sicher aussahen, ist an {right} nichts zu ändern.</translation>
    </message>
    <message>
        <source>need a change</source>
        <translation>davon zu ändern</translation>
    </message>
    <message>
        <source>wrong among them</source>
        <translation>falsch darunter</translation>
    </message>
</context>
<context>
    <name>MeasuredBefore</name>
    <message>
        <source>Measured before</source>
        <translation>Früher gemessen</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Remove the chosen measurement</source>
        <translation>Die gewählte Messung entfernen</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>All labels right</source>
        <translation>Alle richtig</translation>
    </message>
    <message>
        <source>Micro-F1</source>
        <translation>Mikro-F1</translation>
    </message>
    <message>
        <source>Clears your bar</source>
        <translation>Nimmt Ihre Messlatte</translation>
    </message>
    <message>
        <source>Seconds a text</source>
        <translation>Sekunden je Text</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Taught by</source>
        <translation>Gelernt aus</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>{accuracy} ({low} to {high})</source>
        <translation>{accuracy} ({low} bis {high})</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>yes, maybe by luck</source>
        <translation>ja, vielleicht durch Glück</translation>
    </message>
    <message>
        <source>Choose two, with Ctrl, to see what changed between them.</source>
        <translation>Wählen Sie zwei, mit Strg, um zu sehen, was sich dazwischen geändert hat.</translation>
    </message>
    <message>
        <source>From {before} to {after}: the share of right answers went from {low} to {high}, the time of a text from {first} to {second}.</source>
        <translation>Von {before} bis {after}: Der Anteil richtiger Antworten ging von {low} auf {high}, die Zeit je Text von {first} auf {second}.</translation>
    </message>
    <message>
        <source>From {before} to {after}: the share of texts with all labels right went from {low} to {high}, the time of a text from {first} to {second}.</source>
        <translation>Von {before} bis {after}: Der Anteil der Texte, bei denen alle Kategorien richtig sind, ging von {low} auf {high}, die Zeit je Text von {first} auf {second}.</translation>
    </message>
    <message>
        <source>So large a difference comes about by chance in {chance} of cases at most.</source>
        <translation>Ein so großer Unterschied kommt durch Zufall in höchstens {chance} der Fälle zustande.</translation>
    </message>
    <message>
        <source>The rows are not the same: it may lie in them.</source>
        <translation>Die Zeilen sind nicht dieselben: Es kann an ihnen liegen.</translation>
    </message>
    <message>
        <source>Then {before} answered, now {after}.</source>
        <translation>Damals antwortete {before}, jetzt {after}.</translation>
    </message>
    <message>
        <source>The task said something else.</source>
        <translation>Die Aufgabe sagte etwas anderes.</translation>
    </message>
    <message>
        <source>Then {before} labelled texts had taught it, now {after}.</source>
        <translation>Damals hatten {before} Texte mit Kategorie es angelernt, jetzt {after}.</translation>
    </message>
    <message>
        <source>All values right</source>
        <translation>Alle Werte richtig</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>From {before} to {after}: F1 went from {low} to {high}, the time of a text from {first} to {second}.</source>
        <translation>Von {before} bis {after}: F1 ging von {low} auf {high}, die Zeit für einen Text von {first} auf {second}.</translation>
    </message>
    <message>
        <source>Nothing to change</source>
        <translation>Nichts zu ändern</translation>
    </message>
    <message>
        <source>Words that stay</source>
        <translation>Wörter, die bleiben</translation>
    </message>
    <message>
        <source>From {before} to {after}: the share of words that can stay went from {low} to {high}, the time of a text from {first} to {second}.</source>
        <translation>Von {before} bis {after}: Der Anteil der Wörter, die bleiben können, ging von {low} auf {high}, die Zeit je Text von {first} auf {second}.</translation>
    </message>
</context>
<context>
    <name>MeteredNotice</name>
    <message>
        <source>&amp;Download all the same</source>
        <translation>Trotzdem &amp;herunterladen</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Jetzt nicht</translation>
    </message>
    <message>
        <source>Do not download now</source>
        <translation>Jetzt nicht herunterladen</translation>
    </message>
    <message>
        <source>This connection is metered.</source>
        <translation>Diese Verbindung ist getaktet.</translation>
    </message>
    <message>
        <source>{model} has {size}.</source>
        <translation>{model} hat {size}.</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Tier</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Impo&amp;rt…</source>
        <translation>Imp&amp;ortieren…</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Ein Modell importieren</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>Den Import anhalten</translation>
    </message>
    <message>
        <source>Smaller ones are faster, larger ones are right more often.</source>
        <translation>Kleinere sind schneller, größere liegen öfter richtig.</translation>
    </message>
    <message>
        <source>{model} is here.</source>
        <translation>{model} ist hier.</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>Ein Modell entfernen</translation>
    </message>
    <message>
        <source>Remove {model}?</source>
        <translation>{model} entfernen?</translation>
    </message>
    <message>
        <source>It can be downloaded again.</source>
        <translation>Es kann wieder heruntergeladen werden.</translation>
    </message>
    <message>
        <source>It cannot be downloaded again: keep a copy of its file.</source>
        <translation>Es kann nicht wieder heruntergeladen werden: Behalten Sie eine Kopie seiner Datei.</translation>
    </message>
    <message>
        <source>That frees {size}.</source>
        <translation>Das gibt {size} frei.</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>&amp;Behalten</translation>
    </message>
</context>
<context>
    <name>ModelDetails</name>
    <message>
        <source>Progress with this model</source>
        <translation>Fortschritt bei diesem Modell</translation>
    </message>
    <message>
        <source>&amp;Use…</source>
        <translation>Verwen&amp;den…</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>Dieses Modell verwenden</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Herunterladen</translation>
    </message>
    <message>
        <source>Pa&amp;use</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Pause the download</source>
        <translation>Den Download unterbrechen</translation>
    </message>
    <message>
        <source>&amp;Give up</source>
        <translation>Aufge&amp;ben</translation>
    </message>
    <message>
        <source>Give the download up</source>
        <translation>Den Download aufgeben</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Anhal&amp;ten</translation>
    </message>
    <message>
        <source>Stop this work</source>
        <translation>Diese Arbeit anhalten</translation>
    </message>
    <message>
        <source>Try &amp;here</source>
        <translation>Hier auspro&amp;bieren</translation>
    </message>
    <message>
        <source>Try this model here</source>
        <translation>Dieses Modell hier ausprobieren</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>Prü&amp;fen</translation>
    </message>
    <message>
        <source>Verify this model</source>
        <translation>Dieses Modell prüfen</translation>
    </message>
    <message>
        <source>Re&amp;pair</source>
        <translation>&amp;Reparieren</translation>
    </message>
    <message>
        <source>Repair this model</source>
        <translation>Dieses Modell reparieren</translation>
    </message>
    <message>
        <source>Re&amp;move…</source>
        <translation>Entfer&amp;nen…</translation>
    </message>
    <message>
        <source>Remove this model</source>
        <translation>Dieses Modell entfernen</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>The starter, for trying and teaching.</source>
        <translation>Das Startmodell, zum Ausprobieren und Beibringen.</translation>
    </message>
    <message>
        <source>Good for {what}.</source>
        <translation>Gut für {what}.</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Go on with the download</source>
        <translation>Den Download fortsetzen</translation>
    </message>
    <message>
        <source>Download this model</source>
        <translation>Dieses Modell herunterladen</translation>
    </message>
</context>
<context>
    <name>ModelImport</name>
    <message>
        <source>What to import</source>
        <translation>Was importiert werden soll</translation>
    </message>
    <message>
        <source>A &amp;file or pack…</source>
        <translation>Eine &amp;Datei oder ein Paket…</translation>
    </message>
    <message>
        <source>All models of a f&amp;older…</source>
        <translation>Alle Modelle eines &amp;Ordners…</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Ein Modell importieren</translation>
    </message>
    <message>
        <source>Models and packs (*.gguf *.onhandpack)</source>
        <translation>Modelle und Pakete (*.gguf *.onhandpack)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Import all models of a folder</source>
        <translation>Alle Modelle eines Ordners importieren</translation>
    </message>
    <message>
        <source>Importing and comparing</source>
        <translation>Wird importiert und verglichen</translation>
    </message>
    <message>
        <source>Tasks that came with them: {names}</source>
        <translation>Aufgaben, die dabei waren: {names}</translation>
    </message>
    <message>
        <source>Their examples were not kept, since there is no key to encrypt them with: {names}</source>
        <translation>Ihre Beispiele wurden nicht behalten, weil es keinen Schlüssel gibt, um sie zu verschlüsseln: {names}</translation>
    </message>
    <message>
        <source>Models imported: {number}</source>
        <translation>Importierte Modelle: {number}</translation>
    </message>
    <message>
        <source>Unknown signer</source>
        <translation>Unbekannter Unterzeichner</translation>
    </message>
    <message>
        <source>This pack is signed with a key that is not known here.</source>
        <translation>Dieses Paket ist mit einem Schlüssel signiert, der hier nicht bekannt ist.</translation>
    </message>
    <message>
        <source>Its fingerprint is

{fingerprint}

Compare it with the one that you were told by whoever made the pack.</source>
        <translation>Sein Fingerabdruck ist

{fingerprint}

Vergleichen Sie ihn mit dem, den Ihnen die Person genannt hat, die das Paket gemacht hat.</translation>
    </message>
    <message>
        <source>&amp;Trust it, and import</source>
        <translation>Ihm &amp;vertrauen und importieren</translation>
    </message>
    <message>
        <source>&amp;Leave it</source>
        <translation>&amp;Nicht importieren</translation>
    </message>
    <message>
        <source>Unverified model</source>
        <translation>Unverifiziertes Modell</translation>
    </message>
    <message>
        <source>Nobody vouches for {names}.</source>
        <translation>Für {names} bürgt niemand.</translation>
    </message>
    <message>
        <source>It is not in the catalogue and carries no signature. It may answer badly, or what its maker wants. Import it only if you trust where it comes from.</source>
        <translation>Es steht nicht im Katalog und trägt keine Signatur. Es kann schlecht antworten oder so, wie sein Urheber es will. Importieren Sie es nur, wenn Sie der Herkunft vertrauen.</translation>
    </message>
    <message>
        <source>&amp;Import it all the same</source>
        <translation>Trotzdem &amp;importieren</translation>
    </message>
</context>
<context>
    <name>ModelWording</name>
    <message>
        <source>Tiny</source>
        <translation>Winzig</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>Klein</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Groß</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>not here</source>
        <translation>nicht hier</translation>
    </message>
    <message>
        <source>in use, tuned</source>
        <translation>in Gebrauch, abgestimmt</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>here</source>
        <translation>hier</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>unverified</source>
        <translation>unverifiziert</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>Its file is not what it should be, and is not loaded.</source>
        <translation>Seine Datei ist nicht, was sie sein sollte, und wird nicht geladen.</translation>
    </message>
    <message>
        <source>Unverified: nobody vouches for this file. Use it only if you trust whoever gave it to you.</source>
        <translation>Unverifiziert: Für diese Datei bürgt niemand. Verwenden Sie sie nur, wenn Sie der Person vertrauen, von der Sie sie haben.</translation>
    </message>
    <message>
        <source>Its file was not compared with the catalogue yet. That happens before it is first used, and with Verify.</source>
        <translation>Seine Datei wurde noch nicht mit dem Katalog verglichen. Das geschieht vor dem ersten Gebrauch und mit „Prüfen“.</translation>
    </message>
    <message>
        <source>{time} a page</source>
        <translation>{time} je Seite</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>passt</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>knapp</translation>
    </message>
    <message>
        <source>too large now</source>
        <translation>derzeit zu groß</translation>
    </message>
    <message>
        <source>cannot run here</source>
        <translation>läuft hier nicht</translation>
    </message>
    <message>
        <source>It fits: it needs {needs} of memory, {free} are free.</source>
        <translation>Es passt: Es braucht {needs} Arbeitsspeicher, {free} sind frei.</translation>
    </message>
    <message>
        <source>A page takes about {time} here.</source>
        <translation>Eine Seite dauert hier etwa {time}.</translation>
    </message>
    <message>
        <source>How fast it is here was not measured yet.</source>
        <translation>Wie schnell es hier ist, wurde noch nicht gemessen.</translation>
    </message>
    <message>
        <source>licence {name}</source>
        <translation>Lizenz {name}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln languages</source>
        <translation>
            <numerusform>%Ln Sprache</numerusform>
            <numerusform>%Ln Sprachen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelWork</name>
    <message>
        <source>Loading, reading and writing on this machine</source>
        <translation>Laden, Lesen und Schreiben auf diesem Computer</translation>
    </message>
    <message>
        <source>Comparing the file with what it should be</source>
        <translation>Die Datei wird mit dem verglichen, was sie sein sollte</translation>
    </message>
    <message>
        <source>Measured: a page takes about {time}.</source>
        <translation>Gemessen: Eine Seite dauert etwa {time}.</translation>
    </message>
    <message>
        <source>There is nothing to compare this file with.</source>
        <translation>Es gibt nichts, womit sich diese Datei vergleichen ließe.</translation>
    </message>
    <message>
        <source>The file is what it should be, byte for byte.</source>
        <translation>Die Datei ist Byte für Byte, was sie sein sollte.</translation>
    </message>
    <message>
        <source>Pieces of the file that are damaged: {number}.</source>
        <translation>Beschädigte Stücke der Datei: {number}.</translation>
    </message>
    <message>
        <source>The file is not what it should be.</source>
        <translation>Die Datei ist nicht, was sie sein sollte.</translation>
    </message>
    <message>
        <source>{model} is gone. That made room for {size}.</source>
        <translation>{model} ist fort. Das machte {size} frei.</translation>
    </message>
</context>
<context>
    <name>PlaceNotice</name>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close the notice on the folder</source>
        <translation>Den Hinweis zum Ordner schließen</translation>
    </message>
</context>
<context>
    <name>PreferencesPage</name>
    <message>
        <source>&amp;Look at the engine</source>
        <translation>D&amp;ie Engine ansehen</translation>
    </message>
    <message>
        <source>I&amp;ntroduction…</source>
        <translation>Einführ&amp;ung…</translation>
    </message>
    <message>
        <source>Introduction</source>
        <translation>Einführung</translation>
    </message>
    <message>
        <source>It is managed by your organisation.</source>
        <translation>Das wird von Ihrer Organisation verwaltet.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>What the engine runs on, and what it tried, shows once it is loaded.</source>
        <translation>Worauf die Engine läuft und was sie versucht hat, zeigt sich, sobald sie geladen ist.</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Runs on {device}.</source>
        <translation>Läuft auf {device}.</translation>
    </message>
    <message numerus="yes">
        <source>Sees %Ln tokens at once.</source>
        <translation>
            <numerusform>Sieht %Ln Token auf einmal.</numerusform>
            <numerusform>Sieht %Ln Token auf einmal.</numerusform>
        </translation>
    </message>
    <message>
        <source>Sandbox: {state}.</source>
        <translation>Sandbox: {state}.</translation>
    </message>
    <message>
        <source>Reads {read} and writes {write} tokens a second.</source>
        <translation>Liest {read} und schreibt {write} Token in der Sekunde.</translation>
    </message>
    <message>
        <source>What was tried, and why not:</source>
        <translation>Was versucht wurde, und warum nicht:</translation>
    </message>
</context>
<context>
    <name>PrivacyCard</name>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Everything is kept on this computer alone, and encrypted. Of a text for which “Keep nothing of this” is ticked in Work there is no trace.</source>
        <translation>Alles wird nur auf diesem Computer aufbewahrt, und verschlüsselt. Von einem Text, für den unter „Arbeiten“ „Nichts davon aufbewahren“ angekreuzt ist, bleibt keine Spur.</translation>
    </message>
    <message>
        <source>L&amp;ock now</source>
        <translation>Jetzt &amp;sperren</translation>
    </message>
    <message>
        <source>Lock the history now</source>
        <translation>Den Verlauf jetzt sperren</translation>
    </message>
    <message>
        <source>Who can open i&amp;t…</source>
        <translation>Wer ihn öffnen &amp;kann…</translation>
    </message>
    <message>
        <source>Who can open it</source>
        <translation>Wer ihn öffnen kann</translation>
    </message>
    <message>
        <source>Forg&amp;et entries…</source>
        <translation>Einträge ver&amp;gessen…</translation>
    </message>
    <message>
        <source>Forget entries</source>
        <translation>Einträge vergessen</translation>
    </message>
    <message>
        <source>Bac&amp;k up now</source>
        <translation>&amp;Jetzt sichern</translation>
    </message>
    <message>
        <source>Back up the history</source>
        <translation>Den Verlauf sichern</translation>
    </message>
    <message>
        <source>Re&amp;store a backup…</source>
        <translation>Sicherung &amp;wiederherstellen…</translation>
    </message>
    <message>
        <source>What left this &amp;computer…</source>
        <translation>Was diesen &amp;Computer verlassen hat…</translation>
    </message>
    <message>
        <source>The history is locked.</source>
        <translation>Der Verlauf ist gesperrt.</translation>
    </message>
    <message>
        <source>It is opened again in History, or at the next start.</source>
        <translation>Er wird unter „Verlauf“ oder beim nächsten Start wieder geöffnet.</translation>
    </message>
    <message>
        <source>There is no history yet that could be locked.</source>
        <translation>Es gibt noch keinen Verlauf, der sich sperren ließe.</translation>
    </message>
    <message>
        <source>A backup of {size} was made, reopened and checked.</source>
        <translation>Eine Sicherung von {size} wurde gemacht, wieder geöffnet und geprüft.</translation>
    </message>
</context>
<context>
    <name>QuickCard</name>
    <message>
        <source>How to bind keys to the quick panel</source>
        <translation>Wie Sie dem Schnellfenster Tasten zuweisen</translation>
    </message>
    <message>
        <source>Ke&amp;yboard shortcuts…</source>
        <translation>&amp;Tastenkürzel…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Quick panel</source>
        <translation>Schnellfenster</translation>
    </message>
    <message>
        <source>The quick panel takes the text of the clipboard, runs a task that you choose by a number, and puts the answer there. The former content can be put back.</source>
        <translation>Das Schnellfenster nimmt den Text der Zwischenablage, führt eine Aufgabe aus, die Sie mit einer Ziffer wählen, und legt die Antwort dorthin. Der vorige Inhalt kann zurückgelegt werden.</translation>
    </message>
    <message>
        <source>Its icon is in the tray of the desktop while Onhand runs.</source>
        <translation>Sein Symbol ist im Infobereich des Desktops, solange Onhand läuft.</translation>
    </message>
    <message>
        <source>This desktop shows no icons in a tray, so there is none of Onhand, and it ends when its window is closed.</source>
        <translation>Dieser Desktop zeigt keine Symbole in einem Infobereich; deshalb gibt es dort keines von Onhand, und es endet, wenn sein Fenster geschlossen wird.</translation>
    </message>
    <message>
        <source>{keys} opens it from any program while Onhand runs.</source>
        <translation>{keys} öffnet es aus jedem Programm, solange Onhand läuft.</translation>
    </message>
    <message>
        <source>No keys open it from other programs.</source>
        <translation>Keine Tasten öffnen es aus anderen Programmen.</translation>
    </message>
    <message>
        <source>GNOME: open Settings, Keyboard, View and Customize Shortcuts, Custom Shortcuts, and add one with the command: {command}</source>
        <translation>GNOME: Öffnen Sie Einstellungen, Tastatur, Tastaturkürzel ansehen und anpassen, Eigene Tastaturkürzel, und fügen Sie eines mit diesem Befehl hinzu: {command}</translation>
    </message>
    <message>
        <source>KDE Plasma: open System Settings, Keyboard, Shortcuts, Add New, Command or Script, and give this command: {command}</source>
        <translation>KDE Plasma: Öffnen Sie Systemeinstellungen, Tastatur, Kurzbefehle, Neu hinzufügen, Befehl oder Skript, und geben Sie diesen Befehl an: {command}</translation>
    </message>
    <message>
        <source>Sway and others: put a line like this into the configuration: {line}</source>
        <translation>Sway und andere: Schreiben Sie eine Zeile wie diese in die Konfiguration: {line}</translation>
    </message>
</context>
<context>
    <name>QuickList</name>
    <message>
        <source>{number}   {name} · {kind}</source>
        <translation>{number}   {name} · {kind}</translation>
    </message>
    <message>
        <source>{number}: {name}</source>
        <translation>{number}: {name}</translation>
    </message>
    <message>
        <source>{kind}. Press {number} to run it.</source>
        <translation>{kind}. Drücken Sie {number}, um es auszuführen.</translation>
    </message>
</context>
<context>
    <name>QuickPanel</name>
    <message>
        <source>Onhand quick panel</source>
        <translation>Schnellfenster von Onhand</translation>
    </message>
    <message>
        <source>the answer</source>
        <translation>die Antwort</translation>
    </message>
    <message>
        <source>Keep no&amp;thing of this</source>
        <translation>Nic&amp;hts davon aufbewahren</translation>
    </message>
    <message>
        <source>Put the former clipboard &amp;back</source>
        <translation>Vorige Zwischenablage &amp;zurücklegen</translation>
    </message>
    <message>
        <source>Open in the &amp;window</source>
        <translation>Im &amp;Fenster öffnen</translation>
    </message>
    <message>
        <source>&amp;Another task</source>
        <translation>&amp;Andere Aufgabe</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>Ferti&amp;g</translation>
    </message>
    <message>
        <source>The former content is in the clipboard again.</source>
        <translation>Der vorige Inhalt ist wieder in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The answer is in the clipboard.</source>
        <translation>Die Antwort ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Look at the answer before it goes into the clipboard.</source>
        <translation>Sehen Sie die Antwort an, bevor sie in die Zwischenablage kommt.</translation>
    </message>
    <message>
        <source>The clipboard is as it was. Copy puts the answer there.</source>
        <translation>Die Zwischenablage ist, wie sie war. „Kopieren“ legt die Antwort dorthin.</translation>
    </message>
</context>
<context>
    <name>RecordWords</name>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Vermerke</translation>
    </message>
    <message>
        <source>no answer: {code}</source>
        <translation>keine Antwort: {code}</translation>
    </message>
    <message>
        <source>Of this entry only figures were kept.</source>
        <translation>Von diesem Eintrag wurden nur Kennzahlen aufbewahrt.</translation>
    </message>
    <message>
        <source>figures only</source>
        <translation>nur Kennzahlen</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>corrected</source>
        <translation>korrigiert</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>angeheftet</translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message>
        <source>Restore a backup</source>
        <translation>Eine Sicherung wiederherstellen</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Gemacht</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Sicherungen</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Jetzt nicht</translation>
    </message>
    <message>
        <source>Begin &amp;empty</source>
        <translation>&amp;Leer beginnen</translation>
    </message>
    <message>
        <source>Begin with an empty history</source>
        <translation>Mit einem leeren Verlauf beginnen</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>Restore it</source>
        <translation>Diese wiederherstellen</translation>
    </message>
    <message>
        <source>The history is damaged</source>
        <translation>Der Verlauf ist beschädigt</translation>
    </message>
    <message>
        <source>It cannot be read whole. A backup can take its place; the damaged file is set aside under another name, and nothing is deleted.</source>
        <translation>Er lässt sich nicht ganz lesen. Eine Sicherung kann an seine Stelle treten; die beschädigte Datei wird unter einem anderen Namen beiseitegelegt, und nichts wird gelöscht.</translation>
    </message>
    <message>
        <source>Put a backup in the place of the history</source>
        <translation>Eine Sicherung an die Stelle des Verlaufs setzen</translation>
    </message>
    <message>
        <source>The history as it is now is set aside under another name, and nothing is deleted.</source>
        <translation>Der jetzige Verlauf wird unter einem anderen Namen beiseitegelegt, und nichts wird gelöscht.</translation>
    </message>
    <message>
        <source>Looking for backups…</source>
        <translation>Sicherungen werden gesucht…</translation>
    </message>
    <message>
        <source>There is no backup yet</source>
        <translation>Noch gibt es keine Sicherung</translation>
    </message>
    <message>
        <source>None of the backups can be read.</source>
        <translation>Keine der Sicherungen lässt sich lesen.</translation>
    </message>
    <message>
        <source>This backup was made {age} ago, on {moment}. What was answered, corrected or pinned since then would not be in the history any more.</source>
        <translation>Diese Sicherung ist {age} alt, vom {moment}. Was seither beantwortet, korrigiert oder angeheftet wurde, wäre nicht mehr im Verlauf.</translation>
    </message>
    <message>
        <source>It is the newest that can be read whole.</source>
        <translation>Es ist die neueste, die sich ganz lesen lässt.</translation>
    </message>
    <message>
        <source>The history is that of {moment} again.</source>
        <translation>Der Verlauf ist wieder der vom {moment}.</translation>
    </message>
    <message>
        <source>The history is empty.</source>
        <translation>Der Verlauf ist leer.</translation>
    </message>
    <message>
        <source>What was there before is kept as {name}.</source>
        <translation>Was vorher da war, ist als {name} aufbewahrt.</translation>
    </message>
    <message>
        <source>Restoring. What runs now, such as a batch, ends first…</source>
        <translation>Wird wiederhergestellt. Was gerade läuft, etwa ein Stapel, endet zuerst…</translation>
    </message>
</context>
<context>
    <name>ReviewDialog</name>
    <message>
        <source>Look through answers</source>
        <translation>Antworten durchsehen</translation>
    </message>
    <message>
        <source>Answers, the least sure first</source>
        <translation>Antworten, die unsichersten zuerst</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird nachgesehen…</translation>
    </message>
    <message>
        <source>Text and answer</source>
        <translation>Text und Antwort</translation>
    </message>
    <message>
        <source>It is &amp;right</source>
        <translation>Sie ist &amp;richtig</translation>
    </message>
    <message>
        <source>&amp;Correct…</source>
        <translation>&amp;Korrigieren…</translation>
    </message>
    <message>
        <source>Correct answer</source>
        <translation>Antwort korrigieren</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>The least sure answers of {name}</source>
        <translation>Die unsichersten Antworten von {name}</translation>
    </message>
    <message>
        <source>There is nothing left to judge</source>
        <translation>Es ist nichts mehr zu beurteilen</translation>
    </message>
    <message>
        <source>What you judge here teaches the task. Shown: {shown}, judged: {judged}.</source>
        <translation>Was Sie hier beurteilen, lehrt die Aufgabe. Gezeigt: {shown}, beurteilt: {judged}.</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>RewritingView</name>
    <message>
        <source>I have &amp;seen this; let me copy the text</source>
        <translation>Ich habe das ge&amp;sehen; lassen Sie mich den Text kopieren</translation>
    </message>
    <message>
        <source>C&amp;hanges</source>
        <translation>Änderu&amp;ngen</translation>
    </message>
    <message>
        <source>&amp;New text</source>
        <translation>Neuer Te&amp;xt</translation>
    </message>
    <message>
        <source>Look at the rewrite before you use it</source>
        <translation>Sehen Sie den neuen Text an, bevor Sie ihn verwenden</translation>
    </message>
    <message>
        <source>Something was lost in the rewrite</source>
        <translation>Beim Umschreiben ging etwas verloren</translation>
    </message>
    <message>
        <source>all numbers kept</source>
        <translation>alle Zahlen erhalten</translation>
    </message>
    <message>
        <source>all dates kept</source>
        <translation>alle Daten erhalten</translation>
    </message>
    <message>
        <source>all names kept</source>
        <translation>alle Namen erhalten</translation>
    </message>
    <message>
        <source>all links kept</source>
        <translation>alle Links erhalten</translation>
    </message>
    <message>
        <source>no &apos;not&apos; lost or added</source>
        <translation>kein „nicht“ verloren oder hinzugefügt</translation>
    </message>
    <message>
        <source>the language kept</source>
        <translation>die Sprache erhalten</translation>
    </message>
</context>
<context>
    <name>RowColumns</name>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>Right ↓  given →</source>
        <translation>Richtig ↓  gegeben →</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Übersehen</translation>
    </message>
    <message>
        <source>Wrongly given</source>
        <translation>Zu Unrecht vergeben</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Präzision</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Trefferquote</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
</context>
<context>
    <name>RunningView</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Text as it is written</source>
        <translation>Text, wie er geschrieben wird</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>In Arbeit…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten…</translation>
    </message>
</context>
<context>
    <name>ScrollBars</name>
    <message>
        <source>Scroll up and down: {name}</source>
        <translation>Auf und ab rollen: {name}</translation>
    </message>
    <message>
        <source>Scroll sideways: {name}</source>
        <translation>Seitwärts rollen: {name}</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>&apos;{0}&apos; in line {1} is not a text</source>
        <translation>„{0}“ in Zeile {1} ist kein Text</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no part; write 3/8 for the third of eight</source>
        <translation>„{0}“ ist kein Teil; schreiben Sie 3/8 für den dritten von acht</translation>
    </message>
    <message>
        <source>1 value of the cloud model was left out: it does not stand in the text.</source>
        <translation>1 Wert des Cloud-Modells wurde weggelassen: Er steht nicht im Text.</translation>
    </message>
    <message>
        <source>; did you mean &apos;{0}&apos;?</source>
        <translation>; meinten Sie „{0}“?</translation>
    </message>
    <message>
        <source>A model of the kind &apos;{0}&apos; cannot be used here; take a dense one.</source>
        <translation>Ein Modell der Art „{0}“ kann hier nicht verwendet werden; nehmen Sie ein dichtes.</translation>
    </message>
    <message>
        <source>Afrikaans</source>
        <translation>Afrikaans</translation>
    </message>
    <message>
        <source>Albanian</source>
        <translation>Albanisch</translation>
    </message>
    <message>
        <source>Another window or command holds another model, which keeps {0} in use.</source>
        <translation>Ein anderes Fenster oder ein Befehl hält ein anderes Modell, das {0} belegt.</translation>
    </message>
    <message>
        <source>Another window or command holds it as well: the weights are shared, context and working memory ({0}) count twice.</source>
        <translation>Ein anderes Fenster oder ein Befehl hält es ebenfalls: Die Gewichte werden geteilt, Kontext und Arbeitsbereich ({0}) zählen doppelt.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Arabisch</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>Armenisch</translation>
    </message>
    <message>
        <source>Basque</source>
        <translation>Baskisch</translation>
    </message>
    <message>
        <source>Belarusian</source>
        <translation>Belarussisch</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>Bengalisch</translation>
    </message>
    <message>
        <source>Broken characters are shown as �.</source>
        <translation>Beschädigte Zeichen erscheinen als �.</translation>
    </message>
    <message>
        <source>Bulgarian</source>
        <translation>Bulgarisch</translation>
    </message>
    <message>
        <source>Catalan</source>
        <translation>Katalanisch</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinesisch</translation>
    </message>
    <message>
        <source>Choose an output that ends in .csv, .xlsx or .jsonl.</source>
        <translation>Wählen Sie eine Ausgabe, die auf .csv, .xlsx oder .jsonl endet.</translation>
    </message>
    <message>
        <source>Croatian</source>
        <translation>Kroatisch</translation>
    </message>
    <message>
        <source>Czech</source>
        <translation>Tschechisch</translation>
    </message>
    <message>
        <source>DOS code page 850 (Western European)</source>
        <translation>DOS-Codepage 850 (Westeuropa)</translation>
    </message>
    <message>
        <source>Danish</source>
        <translation>Dänisch</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>Niederländisch</translation>
    </message>
    <message>
        <source>Each file of the folder is a row.</source>
        <translation>Jede Datei des Ordners ist eine Zeile.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>Estonian</source>
        <translation>Estnisch</translation>
    </message>
    <message>
        <source>Finnish</source>
        <translation>Finnisch</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Französisch</translation>
    </message>
    <message>
        <source>Galician</source>
        <translation>Galicisch</translation>
    </message>
    <message>
        <source>Georgian</source>
        <translation>Georgisch</translation>
    </message>
    <message>
        <source>German</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Give the output of every part as it was written.</source>
        <translation>Geben Sie die Ausgabe jedes Teils an, wie sie geschrieben wurde.</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>Griechisch</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>Hebräisch</translation>
    </message>
    <message>
        <source>Hindi</source>
        <translation>Hindi</translation>
    </message>
    <message>
        <source>Hungarian</source>
        <translation>Ungarisch</translation>
    </message>
    <message>
        <source>Icelandic</source>
        <translation>Isländisch</translation>
    </message>
    <message>
        <source>Indonesian</source>
        <translation>Indonesisch</translation>
    </message>
    <message>
        <source>It is too long to tell what is quoted in it, so all of it is here.</source>
        <translation>Es ist zu lang, um zu erkennen, was darin zitiert ist; deshalb ist alles hier.</translation>
    </message>
    <message>
        <source>It needs up to {0} of addresses</source>
        <translation>Es braucht bis zu {0} Adressraum</translation>
    </message>
    <message>
        <source>It needs {0} of memory, {1} are free now</source>
        <translation>Es braucht {0} Arbeitsspeicher, {1} sind jetzt frei</translation>
    </message>
    <message>
        <source>It needs {0} of memory, {1} has {2}.</source>
        <translation>Es braucht {0} Arbeitsspeicher, {1} hat {2}.</translation>
    </message>
    <message>
        <source>It takes {0} on the disk, {1} are free.</source>
        <translation>Es braucht {0} auf dem Datenträger, {1} sind frei.</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>Italienisch</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Japanisch</translation>
    </message>
    <message>
        <source>Kazakh</source>
        <translation>Kasachisch</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>Koreanisch</translation>
    </message>
    <message>
        <source>Latvian</source>
        <translation>Lettisch</translation>
    </message>
    <message>
        <source>Lithuanian</source>
        <translation>Litauisch</translation>
    </message>
    <message>
        <source>Macedonian</source>
        <translation>Mazedonisch</translation>
    </message>
    <message>
        <source>Malay</source>
        <translation>Malaiisch</translation>
    </message>
    <message>
        <source>Norwegian</source>
        <translation>Norwegisch</translation>
    </message>
    <message>
        <source>Nothing in it but quotations and a signature, so these are here.</source>
        <translation>Darin stehen nur Zitate und eine Signatur; deshalb sind sie hier.</translation>
    </message>
    <message>
        <source>Onhand uses no sandbox of {0} yet</source>
        <translation>Onhand verwendet noch keine Sandbox von {0}</translation>
    </message>
    <message>
        <source>Persian</source>
        <translation>Persisch</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>Polnisch</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>Portugiesisch</translation>
    </message>
    <message>
        <source>Read as UTF-8</source>
        <translation>Als UTF-8 gelesen</translation>
    </message>
    <message>
        <source>Read as UTF-8; bytes that are not UTF-8 ({0}) were read as Windows-1252.</source>
        <translation>Als UTF-8 gelesen; Bytes, die kein UTF-8 sind ({0}), wurden als Windows-1252 gelesen.</translation>
    </message>
    <message>
        <source>Read as {0}, because it is not UTF-8.</source>
        <translation>Als {0} gelesen, weil es kein UTF-8 ist.</translation>
    </message>
    <message>
        <source>Read as {0}, by the look of it.</source>
        <translation>Dem Anschein nach als {0} gelesen.</translation>
    </message>
    <message>
        <source>Read as {0}.</source>
        <translation>Als {0} gelesen.</translation>
    </message>
    <message>
        <source>Read from the sheet &apos;{0}&apos;, one of {1}.</source>
        <translation>Aus dem Blatt „{0}“ gelesen, einem von {1}.</translation>
    </message>
    <message>
        <source>Read from the sheet &apos;{0}&apos;.</source>
        <translation>Aus dem Blatt „{0}“ gelesen.</translation>
    </message>
    <message>
        <source>Romanian</source>
        <translation>Rumänisch</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Russisch</translation>
    </message>
    <message>
        <source>Serbian</source>
        <translation>Serbisch</translation>
    </message>
    <message>
        <source>Slovak</source>
        <translation>Slowakisch</translation>
    </message>
    <message>
        <source>Slovenian</source>
        <translation>Slowenisch</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Spanisch</translation>
    </message>
    <message>
        <source>Swedish</source>
        <translation>Schwedisch</translation>
    </message>
    <message>
        <source>Tamil</source>
        <translation>Tamil</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>Thailändisch</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>These are not all the parts of one batch</source>
        <translation>Das sind nicht alle Teile eines Stapels</translation>
    </message>
    <message>
        <source>This processor has no AVX: it will be slow.</source>
        <translation>Dieser Prozessor hat kein AVX: Es wird langsam sein.</translation>
    </message>
    <message>
        <source>This table cannot be written</source>
        <translation>Diese Tabelle kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Turkish</source>
        <translation>Türkisch</translation>
    </message>
    <message>
        <source>Ukrainian</source>
        <translation>Ukrainisch</translation>
    </message>
    <message>
        <source>Urdu</source>
        <translation>Urdu</translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>Vietnamesisch</translation>
    </message>
    <message>
        <source>a 7z archive</source>
        <translation>ein 7z-Archiv</translation>
    </message>
    <message>
        <source>a GIF picture</source>
        <translation>ein GIF-Bild</translation>
    </message>
    <message>
        <source>a JPEG picture</source>
        <translation>ein JPEG-Bild</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>ein PDF-Dokument</translation>
    </message>
    <message>
        <source>a PNG picture</source>
        <translation>ein PNG-Bild</translation>
    </message>
    <message>
        <source>a Parquet table</source>
        <translation>eine Parquet-Tabelle</translation>
    </message>
    <message>
        <source>a RAR archive</source>
        <translation>ein RAR-Archiv</translation>
    </message>
    <message>
        <source>a SHA-256 belongs to one file, and this folder has several</source>
        <translation>eine SHA-256 gehört zu einer Datei, und in diesem Ordner liegen mehrere</translation>
    </message>
    <message>
        <source>a SHA-256 has 64 hexadecimal digits</source>
        <translation>eine SHA-256 hat 64 hexadezimale Ziffern</translation>
    </message>
    <message>
        <source>a SQLite database</source>
        <translation>eine SQLite-Datenbank</translation>
    </message>
    <message>
        <source>a Word document</source>
        <translation>ein Word-Dokument</translation>
    </message>
    <message>
        <source>a ZIP archive or an office document (.docx, .xlsx, .odt)</source>
        <translation>ein ZIP-Archiv oder ein Office-Dokument (.docx, .xlsx, .odt)</translation>
    </message>
    <message>
        <source>a cell in line {0} holds too much for a cell</source>
        <translation>eine Zelle in Zeile {0} enthält zu viel für eine Zelle</translation>
    </message>
    <message>
        <source>a classification needs at least {0} label(s), this has {1}</source>
        <translation>eine Einordnung braucht mindestens {0} Kategorie(n), diese hat {1}</translation>
    </message>
    <message>
        <source>a cloud drive</source>
        <translation>ein Cloud-Laufwerk</translation>
    </message>
    <message>
        <source>a cloud model needs a name and the provider&apos;s name for it</source>
        <translation>ein Cloud-Modell braucht einen Namen und den Namen, den der Anbieter ihm gibt</translation>
    </message>
    <message>
        <source>a key has 1 to {0} characters</source>
        <translation>ein Schlüssel hat 1 bis {0} Zeichen</translation>
    </message>
    <message>
        <source>a key has letters, digits and signs, and no blanks</source>
        <translation>ein Schlüssel hat Buchstaben, Ziffern und Zeichen, und keine Leerzeichen</translation>
    </message>
    <message>
        <source>a language model (GGUF)</source>
        <translation>ein Sprachmodell (GGUF)</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>a list of this task&apos;s labels</source>
        <translation>eine Liste von Kategorien dieser Aufgabe</translation>
    </message>
    <message>
        <source>a mail</source>
        <translation>eine E-Mail</translation>
    </message>
    <message>
        <source>a mail of Outlook</source>
        <translation>eine E-Mail von Outlook</translation>
    </message>
    <message>
        <source>a model folder is not there</source>
        <translation>ein Modellordner ist nicht da</translation>
    </message>
    <message>
        <source>a network drive</source>
        <translation>ein Netzlaufwerk</translation>
    </message>
    <message>
        <source>a network drive ({0})</source>
        <translation>ein Netzlaufwerk ({0})</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>a pack signed by {0}</source>
        <translation>ein Paket, signiert von {0}</translation>
    </message>
    <message>
        <source>a part is given twice</source>
        <translation>ein Teil ist zweimal angegeben</translation>
    </message>
    <message>
        <source>a price is a number from 0 on</source>
        <translation>ein Preis ist eine Zahl ab 0</translation>
    </message>
    <message>
        <source>a process (ulimit -d)</source>
        <translation>einem Prozess (ulimit -d)</translation>
    </message>
    <message>
        <source>a program</source>
        <translation>ein Programm</translation>
    </message>
    <message>
        <source>a rich text</source>
        <translation>ein RTF-Text</translation>
    </message>
    <message>
        <source>a smaller model can answer first only where a task chooses one label</source>
        <translation>ein kleineres Modell kann nur dort zuerst antworten, wo eine Aufgabe genau eine Kategorie wählt</translation>
    </message>
    <message>
        <source>a sound, film or picture</source>
        <translation>ein Ton, Film oder Bild</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>eine Tabelle</translation>
    </message>
    <message>
        <source>a table with a list of values for fields of this task</source>
        <translation>eine Tabelle mit einer Liste von Werten für Felder dieser Aufgabe</translation>
    </message>
    <message>
        <source>a task file breaks a rule</source>
        <translation>eine Aufgabendatei verletzt eine Regel</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a web page</source>
        <translation>eine Webseite</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a workbook</source>
        <translation>eine Arbeitsmappe</translation>
    </message>
    <message>
        <source>a {0} has an empty name</source>
        <translation>ein Name ist leer ({0})</translation>
    </message>
    <message>
        <source>added: {0}</source>
        <translation>hinzugefügt: {0}</translation>
    </message>
    <message>
        <source>all parts, and what they are merged into, have one format</source>
        <translation>alle Teile und das, wozu sie zusammengefügt werden, haben ein Format</translation>
    </message>
    <message>
        <source>an OpenDocument text</source>
        <translation>ein OpenDocument-Text</translation>
    </message>
    <message>
        <source>an address begins with https:// and a host</source>
        <translation>eine Adresse beginnt mit https:// und einem Host</translation>
    </message>
    <message>
        <source>an address holds no name, key or question mark</source>
        <translation>eine Adresse enthält weder Namen noch Schlüssel noch Fragezeichen</translation>
    </message>
    <message>
        <source>an extraction needs at least 1 field, this has 0</source>
        <translation>ein Auslesen braucht mindestens 1 Feld, dieses hat 0</translation>
    </message>
    <message>
        <source>an older office document or mail (.doc, .xls, .msg)</source>
        <translation>ein älteres Office-Dokument oder eine E-Mail (.doc, .xls, .msg)</translation>
    </message>
    <message>
        <source>answers with status {0}</source>
        <translation>antwortet mit Status {0}</translation>
    </message>
    <message>
        <source>anybody on the way could read along</source>
        <translation>jeder auf dem Weg könnte mitlesen</translation>
    </message>
    <message>
        <source>anybody on the way to {0} could read along; it needs https</source>
        <translation>jeder auf dem Weg zu {0} könnte mitlesen; es braucht https</translation>
    </message>
    <message>
        <source>bars</source>
        <translation>senkrechten Strichen</translation>
    </message>
    <message>
        <source>be a text</source>
        <translation>ein Text sein</translation>
    </message>
    <message>
        <source>be labels out of {0}</source>
        <translation>aus Kategorien von {0} bestehen</translation>
    </message>
    <message>
        <source>be one of {0}</source>
        <translation>eine von {0} sein</translation>
    </message>
    <message>
        <source>both are {0}</source>
        <translation>beide sind {0}</translation>
    </message>
    <message>
        <source>cannot be reached</source>
        <translation>ist nicht erreichbar</translation>
    </message>
    <message>
        <source>cannot be reached ({0})</source>
        <translation>ist nicht erreichbar ({0})</translation>
    </message>
    <message>
        <source>choice of &apos;{0}&apos;</source>
        <translation>Auswahl von „{0}“</translation>
    </message>
    <message>
        <source>chunk {0} arrives damaged each time</source>
        <translation>Stück {0} kommt jedes Mal beschädigt an</translation>
    </message>
    <message>
        <source>commas</source>
        <translation>Kommas</translation>
    </message>
    <message>
        <source>compressed data (bzip2)</source>
        <translation>komprimierte Daten (bzip2)</translation>
    </message>
    <message>
        <source>compressed data (gzip)</source>
        <translation>komprimierte Daten (gzip)</translation>
    </message>
    <message>
        <source>compressed data (xz)</source>
        <translation>komprimierte Daten (xz)</translation>
    </message>
    <message>
        <source>does not give it to you (403)</source>
        <translation>gibt es Ihnen nicht (403)</translation>
    </message>
    <message>
        <source>does not have it (404)</source>
        <translation>hat es nicht (404)</translation>
    </message>
    <message>
        <source>does not have it any more (410)</source>
        <translation>hat es nicht mehr (410)</translation>
    </message>
    <message>
        <source>ended with {0}</source>
        <translation>endete mit {0}</translation>
    </message>
    <message>
        <source>enforced: the system refuses {0} every network connection</source>
        <translation>durchgesetzt: Das System verweigert {0} jede Netzverbindung</translation>
    </message>
    <message>
        <source>expected &apos;label&gt;label&apos; with labels of this task</source>
        <translation>erwartet wird „Kategorie&gt;Kategorie“ mit Kategorien dieser Aufgabe</translation>
    </message>
    <message>
        <source>expected a number from 0 on</source>
        <translation>erwartet wird eine Zahl ab 0</translation>
    </message>
    <message>
        <source>expected a whole number from 1 to 50</source>
        <translation>erwartet wird eine ganze Zahl von 1 bis 50</translation>
    </message>
    <message>
        <source>expected keys like Ctrl+Alt+Space</source>
        <translation>erwartet werden Tasten wie Strg+Alt+Leertaste, geschrieben Ctrl+Alt+Space</translation>
    </message>
    <message>
        <source>expected one of {0}</source>
        <translation>erwartet wird eines von {0}</translation>
    </message>
    <message>
        <source>fewer answers would be right</source>
        <translation>weniger Antworten wären richtig</translation>
    </message>
    <message>
        <source>field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>field &apos;{0}&apos;: type &apos;choice&apos; and a list of choices go together</source>
        <translation>Feld „{0}“: Der Typ „choice“ und eine Liste „choices“ gehören zusammen</translation>
    </message>
    <message>
        <source>give values for {0}</source>
        <translation>Werte angeben für {0}</translation>
    </message>
    <message>
        <source>going on after row {0}</source>
        <translation>geht nach Zeile {0} weiter</translation>
    </message>
    <message>
        <source>hardly any time would be saved</source>
        <translation>das würde kaum Zeit sparen</translation>
    </message>
    <message>
        <source>has a quote that does not end</source>
        <translation>hat ein Anführungszeichen, das nicht endet</translation>
    </message>
    <message>
        <source>has too many requests (429)</source>
        <translation>hat zu viele Anfragen (429)</translation>
    </message>
    <message>
        <source>has {0} cells instead of {1}</source>
        <translation>hat {0} Zellen statt {1}</translation>
    </message>
    <message>
        <source>is behind a proxy that wants another name or password (407)</source>
        <translation>liegt hinter einem Proxy, der einen anderen Namen oder ein anderes Passwort verlangt (407)</translation>
    </message>
    <message>
        <source>is not downloaded</source>
        <translation>ist nicht heruntergeladen</translation>
    </message>
    <message>
        <source>is not known</source>
        <translation>ist nicht bekannt</translation>
    </message>
    <message>
        <source>it answered out of turn</source>
        <translation>sie antwortete außer der Reihe</translation>
    </message>
    <message>
        <source>it became too long and was cut off</source>
        <translation>er wurde zu lang und wurde abgeschnitten</translation>
    </message>
    <message>
        <source>it begins like {0} but is damaged or cut off</source>
        <translation>es beginnt wie {0}, ist aber beschädigt oder abgeschnitten</translation>
    </message>
    <message>
        <source>it cannot be opened</source>
        <translation>es lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>es lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>it claims to have {0} files</source>
        <translation>es gibt {0} Dateien an</translation>
    </message>
    <message>
        <source>it could not be taken apart</source>
        <translation>es ließ sich nicht zerlegen</translation>
    </message>
    <message>
        <source>it declares entities, as no office program does</source>
        <translation>es deklariert Entitäten, wie es kein Office-Programm tut</translation>
    </message>
    <message>
        <source>it did not say</source>
        <translation>es wurde nicht gesagt</translation>
    </message>
    <message>
        <source>it did not start ({0})</source>
        <translation>sie startete nicht ({0})</translation>
    </message>
    <message>
        <source>it does not end</source>
        <translation>sie endet nicht</translation>
    </message>
    <message>
        <source>it does not end as packs do</source>
        <translation>es endet nicht, wie Pakete enden</translation>
    </message>
    <message>
        <source>it does not say what the bytes of {0} are</source>
        <translation>es sagt nicht, was die Bytes von {0} sind</translation>
    </message>
    <message>
        <source>it does not say which package it is for</source>
        <translation>sie sagt nicht, für welches Paket sie ist</translation>
    </message>
    <message>
        <source>it ended ({0})</source>
        <translation>es endete ({0})</translation>
    </message>
    <message>
        <source>it gave up in the middle</source>
        <translation>er gab mittendrin auf</translation>
    </message>
    <message>
        <source>it has {0} models</source>
        <translation>es hat {0} Modelle</translation>
    </message>
    <message>
        <source>it has {0} small files</source>
        <translation>es hat {0} kleine Dateien</translation>
    </message>
    <message>
        <source>it has {0} {1}, at most {2} were asked for</source>
        <translation>sie hat {0} {1}, höchstens {2} waren verlangt</translation>
    </message>
    <message>
        <source>it holds more than {0} characters</source>
        <translation>es enthält mehr als {0} Zeichen</translation>
    </message>
    <message>
        <source>it holds no mail, or one without words</source>
        <translation>es enthält keine E-Mail oder eine ohne Wörter</translation>
    </message>
    <message>
        <source>it holds zero bytes, so it is not a text</source>
        <translation>es enthält Nullbytes und ist deshalb kein Text</translation>
    </message>
    <message>
        <source>it hung</source>
        <translation>sie hing</translation>
    </message>
    <message>
        <source>it is a folder, not a file</source>
        <translation>es ist ein Ordner, keine Datei</translation>
    </message>
    <message>
        <source>it is damaged</source>
        <translation>es ist beschädigt</translation>
    </message>
    <message>
        <source>it is damaged, or no PDF document</source>
        <translation>es ist beschädigt oder kein PDF-Dokument</translation>
    </message>
    <message>
        <source>it is damaged, or no mail of Outlook</source>
        <translation>es ist beschädigt oder keine E-Mail von Outlook</translation>
    </message>
    <message>
        <source>it is damaged, or no office document</source>
        <translation>es ist beschädigt oder kein Office-Dokument</translation>
    </message>
    <message>
        <source>it is damaged, or no rich text</source>
        <translation>es ist beschädigt oder kein RTF-Text</translation>
    </message>
    <message>
        <source>it is damaged, or not a workbook as its name says</source>
        <translation>es ist beschädigt oder keine Arbeitsmappe, wie der Name sagt</translation>
    </message>
    <message>
        <source>it is damaged, or not {0} as its name says</source>
        <translation>es ist beschädigt oder nicht {0}, wie der Name sagt</translation>
    </message>
    <message>
        <source>it is larger than {0} MB</source>
        <translation>es ist größer als {0} MB</translation>
    </message>
    <message>
        <source>it is never sure enough to say the same as the larger model</source>
        <translation>es ist nie sicher genug, dasselbe zu sagen wie das größere Modell</translation>
    </message>
    <message>
        <source>it is no JSON</source>
        <translation>es ist kein JSON</translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation>es ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>it is no dictionary</source>
        <translation>es ist kein Verzeichnis von Werten</translation>
    </message>
    <message>
        <source>it is no faster than the processor with this model</source>
        <translation>es ist mit diesem Modell nicht schneller als der Prozessor</translation>
    </message>
    <message>
        <source>it is no property list</source>
        <translation>es ist keine Property-Liste</translation>
    </message>
    <message>
        <source>it is not a Word document</source>
        <translation>es ist kein Word-Dokument</translation>
    </message>
    <message>
        <source>it is not an OpenDocument text</source>
        <translation>es ist kein OpenDocument-Text</translation>
    </message>
    <message>
        <source>it is not what the form of its API wants</source>
        <translation>sie hat nicht die Form, die zu seiner Schnittstelle gehört</translation>
    </message>
    <message>
        <source>it is protected by a password</source>
        <translation>es ist mit einem Passwort geschützt</translation>
    </message>
    <message>
        <source>it is protected by a password, or an .xls of old</source>
        <translation>es ist mit einem Passwort geschützt oder ein älteres .xls</translation>
    </message>
    <message>
        <source>it is protected by a password, or an older .doc</source>
        <translation>es ist mit einem Passwort geschützt oder ein älteres .doc</translation>
    </message>
    <message>
        <source>it is shorter than {0} characters</source>
        <translation>sie ist kürzer als {0} Zeichen</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>es ist zu groß</translation>
    </message>
    <message>
        <source>it is too short</source>
        <translation>es ist zu kurz</translation>
    </message>
    <message>
        <source>it looks like data of a program, not like a text</source>
        <translation>es sieht aus wie Daten eines Programms, nicht wie ein Text</translation>
    </message>
    <message>
        <source>it names a file twice</source>
        <translation>es nennt eine Datei zweimal</translation>
    </message>
    <message>
        <source>it names a label that the task does not have</source>
        <translation>sie nennt ein Label, das die Aufgabe nicht hat</translation>
    </message>
    <message>
        <source>it names no label that the task has</source>
        <translation>sie nennt kein Label, das die Aufgabe hat</translation>
    </message>
    <message>
        <source>it seems to be {0}</source>
        <translation>es scheint {0} zu sein</translation>
    </message>
    <message>
        <source>it sends on to another address, which is not followed</source>
        <translation>er schickt an eine andere Adresse weiter, der nicht gefolgt wird</translation>
    </message>
    <message>
        <source>it speaks another version of the protocol</source>
        <translation>sie spricht eine andere Version des Protokolls</translation>
    </message>
    <message>
        <source>it takes too much memory</source>
        <translation>es braucht zu viel Arbeitsspeicher</translation>
    </message>
    <message>
        <source>it unpacks to over {0} MB</source>
        <translation>es wird ausgepackt größer als {0} MB</translation>
    </message>
    <message>
        <source>it was changed after it was signed</source>
        <translation>sie wurde nach dem Signieren geändert</translation>
    </message>
    <message>
        <source>it was made by a newer version (schema {0})</source>
        <translation>es wurde mit einer neueren Version gemacht (Schema {0})</translation>
    </message>
    <message>
        <source>it was made for a newer version (schema {0})</source>
        <translation>sie wurde für eine neuere Version gemacht (Schema {0})</translation>
    </message>
    <message>
        <source>it was not asked</source>
        <translation>sie wurde nicht gefragt</translation>
    </message>
    <message>
        <source>it was signed as {0}</source>
        <translation>sie wurde als {0} signiert</translation>
    </message>
    <message>
        <source>its certificate is not trusted here ({0})</source>
        <translation>seinem Zertifikat wird hier nicht vertraut ({0})</translation>
    </message>
    <message>
        <source>its files are longer than itself</source>
        <translation>seine Dateien sind länger als es selbst</translation>
    </message>
    <message>
        <source>its manifest cannot be read ({0})</source>
        <translation>sein Inhaltsverzeichnis lässt sich nicht lesen ({0})</translation>
    </message>
    <message>
        <source>its pages are pictures; there is no text in it</source>
        <translation>seine Seiten sind Bilder; es ist kein Text darin</translation>
    </message>
    <message>
        <source>its rows have more than {0} keys</source>
        <translation>seine Zeilen haben mehr als {0} Schlüssel</translation>
    </message>
    <message>
        <source>its sheet &apos;{0}&apos; is damaged</source>
        <translation>sein Blatt „{0}“ ist beschädigt</translation>
    </message>
    <message>
        <source>its signature cannot be read</source>
        <translation>seine Signatur lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>its text is damaged</source>
        <translation>sein Text ist beschädigt</translation>
    </message>
    <message>
        <source>label</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>line 1, key &apos;name&apos;: a task that is kept needs a name</source>
        <translation>Zeile 1, Schlüssel „name“: eine Aufgabe, die behalten wird, braucht einen Namen</translation>
    </message>
    <message>
        <source>line 1: a number has too many digits</source>
        <translation>Zeile 1: eine Zahl hat zu viele Ziffern</translation>
    </message>
    <message>
        <source>line 1: lists or tables are nested too deeply</source>
        <translation>Zeile 1: Listen oder Tabellen sind zu tief verschachtelt</translation>
    </message>
    <message>
        <source>line {0} cannot be read: {1}</source>
        <translation>Zeile {0} lässt sich nicht lesen: {1}</translation>
    </message>
    <message>
        <source>line {0} has no &apos;{1}&apos;</source>
        <translation>Zeile {0} hat kein „{1}“</translation>
    </message>
    <message>
        <source>line {0} is not UTF-8</source>
        <translation>Zeile {0} ist kein UTF-8</translation>
    </message>
    <message>
        <source>line {0} is not a JSON object</source>
        <translation>Zeile {0} ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>line {0} is not valid JSON</source>
        <translation>Zeile {0} ist kein gültiges JSON</translation>
    </message>
    <message>
        <source>line {0}{1}: not valid TOML: {2}</source>
        <translation>Zeile {0}{1}: kein gültiges TOML: {2}</translation>
    </message>
    <message>
        <source>loading it ended the engine ({0})</source>
        <translation>das Laden beendete die Engine ({0})</translation>
    </message>
    <message>
        <source>loading it took over {0} seconds</source>
        <translation>das Laden dauerte über {0} Sekunden</translation>
    </message>
    <message>
        <source>lost: {0}</source>
        <translation>verloren: {0}</translation>
    </message>
    <message>
        <source>much of the text is gone</source>
        <translation>viel vom Text ist fort</translation>
    </message>
    <message>
        <source>much was added to the text</source>
        <translation>viel wurde dem Text hinzugefügt</translation>
    </message>
    <message>
        <source>must not give it to you (451)</source>
        <translation>darf es Ihnen nicht geben (451)</translation>
    </message>
    <message>
        <source>neither a model of the catalogue nor a file</source>
        <translation>weder ein Modell des Katalogs noch eine Datei</translation>
    </message>
    <message>
        <source>no connection in time</source>
        <translation>keine Verbindung in angemessener Zeit</translation>
    </message>
    <message>
        <source>no file of yours holds &apos;{0}&apos;</source>
        <translation>keine Ihrer Dateien enthält „{0}“</translation>
    </message>
    <message>
        <source>no filter is known for {0}</source>
        <translation>für {0} ist kein Filter bekannt</translation>
    </message>
    <message>
        <source>no greeting</source>
        <translation>keine Begrüßung</translation>
    </message>
    <message>
        <source>no layout is clearly faster here</source>
        <translation>keine Anordnung ist hier deutlich schneller</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>kein Modell</translation>
    </message>
    <message>
        <source>no smaller model was asked first</source>
        <translation>kein kleineres Modell wurde zuerst gefragt</translation>
    </message>
    <message>
        <source>no trial of it came to an end</source>
        <translation>kein Versuch damit kam zu einem Ende</translation>
    </message>
    <message>
        <source>nobody has said where {0} lies</source>
        <translation>niemand hat gesagt, wo {0} liegt</translation>
    </message>
    <message>
        <source>none is good</source>
        <translation>keine ist gut</translation>
    </message>
    <message>
        <source>none of the labelled texts could be read</source>
        <translation>keiner der Texte mit Kategorie ließ sich lesen</translation>
    </message>
    <message>
        <source>none was chosen</source>
        <translation>keines wurde gewählt</translation>
    </message>
    <message>
        <source>not enforced here: {0}</source>
        <translation>hier nicht durchgesetzt: {0}</translation>
    </message>
    <message>
        <source>nothing came for a while</source>
        <translation>eine Weile kam nichts</translation>
    </message>
    <message>
        <source>nothing was written</source>
        <translation>nichts wurde geschrieben</translation>
    </message>
    <message>
        <source>numbers of parts</source>
        <translation>Anzahlen von Teilen</translation>
    </message>
    <message>
        <source>of r{0} only figures were kept</source>
        <translation>von r{0} wurden nur Kennzahlen aufbewahrt</translation>
    </message>
    <message>
        <source>of {0} parts these are missing: {1}</source>
        <translation>von {0} Teilen fehlen diese: {1}</translation>
    </message>
    <message>
        <source>on {0} rows one after another, {1}</source>
        <translation>bei {0} Zeilen hintereinander, {1}</translation>
    </message>
    <message>
        <source>one of this task&apos;s labels</source>
        <translation>eine der Kategorien dieser Aufgabe</translation>
    </message>
    <message>
        <source>only {0} MB are free</source>
        <translation>nur {0} MB sind frei</translation>
    </message>
    <message>
        <source>only {0} are free</source>
        <translation>nur {0} sind frei</translation>
    </message>
    <message>
        <source>reading .parquet needs pyarrow: pip install &apos;onhand[parquet]&apos;; an installed package has no room for it, so save the table as .csv there</source>
        <translation>Für das Lesen von .parquet wird pyarrow gebraucht: pip install &apos;onhand[parquet]&apos;; ein installiertes Paket hat dafür keinen Platz, speichern Sie die Tabelle dort also als .csv</translation>
    </message>
    <message>
        <source>reading a sample: {0} of {1} texts</source>
        <translation>liest eine Stichprobe: {0} von {1} Texten</translation>
    </message>
    <message>
        <source>reads</source>
        <translation>liest</translation>
    </message>
    <message>
        <source>requests ended with {0}</source>
        <translation>Anfragen endeten mit {0}</translation>
    </message>
    <message>
        <source>rows with the same text keep their answers of batch {0}</source>
        <translation>Zeilen mit demselben Text behalten ihre Antworten aus Stapel {0}</translation>
    </message>
    <message>
        <source>r{0} has no answer that could be right</source>
        <translation>r{0} hat keine Antwort, die richtig sein könnte</translation>
    </message>
    <message>
        <source>semicolons</source>
        <translation>Strichpunkten</translation>
    </message>
    <message>
        <source>sentences</source>
        <translation>Sätze</translation>
    </message>
    <message>
        <source>stands for nothing: {0}</source>
        <translation>steht für nichts: {0}</translation>
    </message>
    <message>
        <source>tabs</source>
        <translation>Tabulatoren</translation>
    </message>
    <message>
        <source>taking it apart took over {0} seconds</source>
        <translation>das Zerlegen dauerte über {0} Sekunden</translation>
    </message>
    <message>
        <source>the address cannot be used</source>
        <translation>die Adresse kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>the answer must {0}</source>
        <translation>die Antwort muss {0}</translation>
    </message>
    <message>
        <source>the column is &apos;{0}&apos;, was &apos;{1}&apos;</source>
        <translation>die Spalte ist „{0}“, war „{1}“</translation>
    </message>
    <message>
        <source>the columns of the answers are missing</source>
        <translation>die Spalten der Antworten fehlen</translation>
    </message>
    <message>
        <source>the connection broke off</source>
        <translation>die Verbindung brach ab</translation>
    </message>
    <message>
        <source>the connection ended early</source>
        <translation>die Verbindung endete vorzeitig</translation>
    </message>
    <message>
        <source>the engine</source>
        <translation>der Engine</translation>
    </message>
    <message>
        <source>the faster layout changes too many answers</source>
        <translation>die schnellere Anordnung ändert zu viele Antworten</translation>
    </message>
    <message>
        <source>the file {0}</source>
        <translation>die Datei {0}</translation>
    </message>
    <message>
        <source>the input is {0}, was {1}</source>
        <translation>die Eingabe ist {0}, war {1}</translation>
    </message>
    <message>
        <source>the input was changed</source>
        <translation>die Eingabe wurde geändert</translation>
    </message>
    <message>
        <source>the input was changed while it was read</source>
        <translation>die Eingabe wurde geändert, während sie gelesen wurde</translation>
    </message>
    <message>
        <source>the kernel keeps rights open</source>
        <translation>der Kernel lässt Rechte offen</translation>
    </message>
    <message>
        <source>the kernel takes no seccomp filter</source>
        <translation>der Kernel nimmt keinen seccomp-Filter</translation>
    </message>
    <message>
        <source>the key &apos;kind&apos; is missing; expected one of {0}</source>
        <translation>der Schlüssel „kind“ fehlt; erwartet wird eines von {0}</translation>
    </message>
    <message>
        <source>the limit for one message</source>
        <translation>das Limit für eine Nachricht</translation>
    </message>
    <message>
        <source>the limit for this month</source>
        <translation>das Limit für diesen Monat</translation>
    </message>
    <message>
        <source>the model is {0}, was {1}</source>
        <translation>das Modell ist {0}, war {1}</translation>
    </message>
    <message>
        <source>the net helper ended with {0}</source>
        <translation>der Netzhelfer endete mit {0}</translation>
    </message>
    <message>
        <source>the net helper {0}</source>
        <translation>der Netzhelfer {0}</translation>
    </message>
    <message>
        <source>the output would lie in the folder that is read</source>
        <translation>die Ausgabe läge in dem Ordner, der gelesen wird</translation>
    </message>
    <message>
        <source>the output would replace the input</source>
        <translation>die Ausgabe würde die Eingabe ersetzen</translation>
    </message>
    <message>
        <source>the part was removed; begun anew</source>
        <translation>der Teil wurde entfernt; neu begonnen</translation>
    </message>
    <message>
        <source>the parts do not make up a whole input</source>
        <translation>die Teile ergeben keine ganze Eingabe</translation>
    </message>
    <message>
        <source>the process that makes it has ended</source>
        <translation>der Prozess, der sie macht, ist beendet</translation>
    </message>
    <message>
        <source>the proxy that is set cannot be used</source>
        <translation>der eingestellte Proxy kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>the proxy {0}</source>
        <translation>der Proxy {0}</translation>
    </message>
    <message>
        <source>the server sends on and on</source>
        <translation>der Server sendet immer weiter</translation>
    </message>
    <message>
        <source>the setting &apos;hub_endpoint&apos; is no address</source>
        <translation>die Einstellung „hub_endpoint“ ist keine Adresse</translation>
    </message>
    <message>
        <source>the smaller model is {0}, was {1}</source>
        <translation>das kleinere Modell ist {0}, war {1}</translation>
    </message>
    <message>
        <source>the summary is not shorter than the text</source>
        <translation>die Zusammenfassung ist nicht kürzer als der Text</translation>
    </message>
    <message>
        <source>the task has no such example</source>
        <translation>die Aufgabe hat kein solches Beispiel</translation>
    </message>
    <message>
        <source>the task takes {0} of {1} tokens</source>
        <translation>die Aufgabe braucht {0} von {1} Token</translation>
    </message>
    <message>
        <source>the task was changed</source>
        <translation>die Aufgabe wurde geändert</translation>
    </message>
    <message>
        <source>the text is {0}</source>
        <translation>der Text ist {0}</translation>
    </message>
    <message>
        <source>the trial batch ended with {0}</source>
        <translation>der Probelauf endete mit {0}</translation>
    </message>
    <message>
        <source>the trial batch took longer than {0} seconds</source>
        <translation>der Probelauf dauerte länger als {0} Sekunden</translation>
    </message>
    <message>
        <source>the {0} &apos;{1}&apos; is given twice</source>
        <translation>„{1}“ ist zweimal angegeben ({0})</translation>
    </message>
    <message>
        <source>there are too few different rows to tell whether that pays</source>
        <translation>es sind zu wenige verschiedene Zeilen, um zu sagen, ob es sich lohnt</translation>
    </message>
    <message>
        <source>there is no GGUF file in {0}</source>
        <translation>in {0} ist keine GGUF-Datei</translation>
    </message>
    <message>
        <source>there is no column &apos;{0}&apos;; there are {1}</source>
        <translation>es gibt keine Spalte „{0}“; es gibt {1}</translation>
    </message>
    <message>
        <source>there is no connection</source>
        <translation>es gibt keine Verbindung</translation>
    </message>
    <message>
        <source>there is no file or folder {0}</source>
        <translation>es gibt keine Datei und keinen Ordner {0}</translation>
    </message>
    <message>
        <source>there is no file {0}</source>
        <translation>es gibt keine Datei {0}</translation>
    </message>
    <message>
        <source>there is no history</source>
        <translation>es gibt keinen Verlauf</translation>
    </message>
    <message>
        <source>there is no key &apos;{0}&apos; here</source>
        <translation>einen Schlüssel „{0}“ gibt es hier nicht</translation>
    </message>
    <message>
        <source>there is no labelled text</source>
        <translation>es gibt keinen Text mit Kategorie</translation>
    </message>
    <message>
        <source>there is no model here yet</source>
        <translation>hier ist noch kein Modell</translation>
    </message>
    <message>
        <source>there is no session bus</source>
        <translation>es gibt keinen Sitzungsbus</translation>
    </message>
    <message>
        <source>there is no such device here, or the engine was built without a part for it</source>
        <translation>dieses Gerät gibt es hier nicht, oder die Engine wurde ohne einen Teil dafür gebaut</translation>
    </message>
    <message>
        <source>there is no text in it</source>
        <translation>es ist kein Text darin</translation>
    </message>
    <message>
        <source>there is nothing on any of its sheets</source>
        <translation>auf keinem seiner Blätter steht etwas</translation>
    </message>
    <message>
        <source>there must be a key</source>
        <translation>hier muss ein Schlüssel stehen</translation>
    </message>
    <message>
        <source>these are parts of different {0}</source>
        <translation>das sind Teile von verschiedenen {0}</translation>
    </message>
    <message>
        <source>this is no address</source>
        <translation>das ist keine Adresse</translation>
    </message>
    <message>
        <source>this is no private X25519 key in PEM</source>
        <translation>das ist kein privater X25519-Schlüssel in PEM</translation>
    </message>
    <message>
        <source>this is no public X25519 key in PEM</source>
        <translation>das ist kein öffentlicher X25519-Schlüssel in PEM</translation>
    </message>
    <message>
        <source>this key is not of the kind X25519</source>
        <translation>dieser Schlüssel ist nicht von der Art X25519</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>dieser Computer</translation>
    </message>
    <message>
        <source>this session&apos;s control group</source>
        <translation>der Kontrollgruppe dieser Sitzung</translation>
    </message>
    <message>
        <source>this was given before</source>
        <translation>das war schon angegeben</translation>
    </message>
    <message>
        <source>took too long</source>
        <translation>dauerte zu lange</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>wants another name or password</source>
        <translation>verlangt einen anderen Namen oder ein anderes Passwort</translation>
    </message>
    <message>
        <source>wants to know who is asking (401)</source>
        <translation>will wissen, wer fragt (401)</translation>
    </message>
    <message>
        <source>what takes documents apart</source>
        <translation>dem Programm, das Dokumente zerlegt,</translation>
    </message>
    <message>
        <source>what vouches for it cannot be read</source>
        <translation>was für sie bürgt, ist nicht lesbar</translation>
    </message>
    <message>
        <source>where anybody could read along</source>
        <translation>wo jeder mitlesen könnte</translation>
    </message>
    <message>
        <source>which is not on the list</source>
        <translation>was nicht auf der Liste steht</translation>
    </message>
    <message>
        <source>words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>writes</source>
        <translation>schreibt</translation>
    </message>
    <message>
        <source>writing .parquet needs pyarrow: pip install &apos;onhand[parquet]&apos;; an installed package has no room for it, so write .csv there</source>
        <translation>Für das Schreiben von .parquet wird pyarrow gebraucht: pip install &apos;onhand[parquet]&apos;; ein installiertes Paket hat dafür keinen Platz, schreiben Sie dort also .csv</translation>
    </message>
    <message>
        <source>{0} answers the rest</source>
        <translation>{0} beantwortet den Rest</translation>
    </message>
    <message>
        <source>{0} attachment(s) were left out.</source>
        <translation>Weggelassene Anhänge: {0}.</translation>
    </message>
    <message>
        <source>{0} between cells</source>
        <translation>{0} zwischen den Zellen</translation>
    </message>
    <message>
        <source>{0} cannot be read</source>
        <translation>{0} lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1})</source>
        <translation>{0} lässt sich nicht lesen ({1})</translation>
    </message>
    <message>
        <source>{0} cannot be the name of a model file</source>
        <translation>{0} kann nicht der Name einer Modelldatei sein</translation>
    </message>
    <message>
        <source>{0} columns are called &apos;{1}&apos;; name one by its place, {2}</source>
        <translation>{0} Spalten heißen „{1}“; nennen Sie eine nach ihrem Platz, {2}</translation>
    </message>
    <message>
        <source>{0} does not begin as GGUF files do</source>
        <translation>{0} beginnt nicht wie GGUF-Dateien</translation>
    </message>
    <message>
        <source>{0} does not give back what it took</source>
        <translation>{0} gibt nicht zurück, was es bekam</translation>
    </message>
    <message>
        <source>{0} does not take {1} {2}</source>
        <translation>{0} nimmt {1} {2} nicht an</translation>
    </message>
    <message>
        <source>{0} free of {1}</source>
        <translation>{0} von {1} frei</translation>
    </message>
    <message>
        <source>{0} has a file of {1} bytes, {2} has {3}</source>
        <translation>{0} hat eine Datei von {1} Byte, {2} hat {3}</translation>
    </message>
    <message>
        <source>{0} has another SHA-256 than it should have</source>
        <translation>{0} hat eine andere SHA-256, als es haben sollte</translation>
    </message>
    <message>
        <source>{0} has another SHA-256 than the one given</source>
        <translation>{0} hat eine andere SHA-256 als die angegebene</translation>
    </message>
    <message>
        <source>{0} has more than the {1} bytes it should have</source>
        <translation>{0} hat mehr als die {1} Byte, die es haben sollte</translation>
    </message>
    <message>
        <source>{0} has no rows</source>
        <translation>{0} hat keine Zeilen</translation>
    </message>
    <message>
        <source>{0} has no such range</source>
        <translation>{0} hat diesen Bereich nicht</translation>
    </message>
    <message>
        <source>{0} has {1} bytes instead of {2}</source>
        <translation>{0} hat {1} Byte statt {2}</translation>
    </message>
    <message>
        <source>{0} is a {1}, not an adapter</source>
        <translation>{0} ist „{1}“, kein Adapter</translation>
    </message>
    <message>
        <source>{0} is asked first: {1} texts so far</source>
        <translation>{0} wird zuerst gefragt: {1} Texte bisher</translation>
    </message>
    <message>
        <source>{0} is gone</source>
        <translation>{0} ist fort</translation>
    </message>
    <message>
        <source>{0} is missing</source>
        <translation>{0} fehlt</translation>
    </message>
    <message>
        <source>{0} is missing, or far too long</source>
        <translation>{0} fehlt oder ist viel zu lang</translation>
    </message>
    <message>
        <source>{0} is no model, but an adapter or the like</source>
        <translation>{0} ist kein Modell, sondern ein Adapter oder dergleichen</translation>
    </message>
    <message>
        <source>{0} is no name for a file</source>
        <translation>{0} ist kein Name für eine Datei</translation>
    </message>
    <message>
        <source>{0} is no plain file</source>
        <translation>{0} ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>{0} is no smaller than {1}</source>
        <translation>{0} ist nicht kleiner als {1}</translation>
    </message>
    <message>
        <source>{0} is not asked first: {1}</source>
        <translation>{0} wird nicht zuerst gefragt: {1}</translation>
    </message>
    <message>
        <source>{0} values of the cloud model were left out: they do not stand in the text.</source>
        <translation>{0} Werte des Cloud-Modells wurden weggelassen: Sie stehen nicht im Text.</translation>
    </message>
    <message>
        <source>{0} was asked first</source>
        <translation>{0} wurde zuerst gefragt</translation>
    </message>
    <message>
        <source>{0} was changed after it was signed</source>
        <translation>{0} wurde nach dem Signieren geändert</translation>
    </message>
    <message>
        <source>{0}: row {1} has no &apos;{2}&apos;</source>
        <translation>{0}: Zeile {1} hat kein „{2}“</translation>
    </message>
    <message>
        <source>{0} is not a file</source>
        <translation>{0} ist keine Datei</translation>
    </message>
    <message>
        <source>{0} was changed after it was written</source>
        <translation>{0} wurde geändert, nachdem es geschrieben wurde</translation>
    </message>
    <message>
        <source>{0}, with {1}.</source>
        <translation>{0}, mit {1}.</translation>
    </message>
    <message>
        <source>{0}; the task has {1}</source>
        <translation>{0}; die Aufgabe hat {1}</translation>
    </message>
    <message>
        <source>{0} is not a text file</source>
        <translation>{0} ist keine Textdatei</translation>
    </message>
    <message>
        <source> Zero bytes in it are left out.</source>
        <translation> Nullbytes darin sind weggelassen.</translation>
    </message>
    <message>
        <source>{0} is not as its manifest says</source>
        <translation>{0} ist nicht so, wie sein Inhaltsverzeichnis sagt</translation>
    </message>
    <message>
        <source>{0} is not what its manifest says</source>
        <translation>{0} ist nicht das, was sein Inhaltsverzeichnis sagt</translation>
    </message>
    <message>
        <source>{0} is not what was signed</source>
        <translation>{0} ist nicht das, was signiert wurde</translation>
    </message>
    <message>
        <source>{0} is {1}, which JSON Lines cannot be</source>
        <translation>{0} ist {1}, was JSON Lines nicht sein kann</translation>
    </message>
    <message>
        <source>{0} keeps nothing</source>
        <translation>{0} behält nichts</translation>
    </message>
    <message>
        <source>{0} lines, quoted or of the signature, were left out.</source>
        <translation>{0} Zeilen, zitiert oder aus der Signatur, wurden weggelassen.</translation>
    </message>
    <message>
        <source>{0} needs about {1}; the engine ended ({2})</source>
        <translation>{0} braucht etwa {1}; die Engine endete ({2})</translation>
    </message>
    <message>
        <source>{0} needs {1} more, and {2} shall stay free; {3} are</source>
        <translation>{0} braucht noch {1}, und {2} sollen frei bleiben; {3} sind es</translation>
    </message>
    <message>
        <source>{0} of {1} pages are pictures and were left out.</source>
        <translation>{0} von {1} Seiten sind Bilder und wurden weggelassen.</translation>
    </message>
    <message>
        <source>{0} offers {1} bytes, {2} has {3}</source>
        <translation>{0} bietet {1} Byte an, {2} hat {3}</translation>
    </message>
    <message>
        <source>{0} sends another range than was asked for</source>
        <translation>{0} sendet einen anderen Bereich als den verlangten</translation>
    </message>
    <message>
        <source>{0} sends on to {1}, {2}</source>
        <translation>{0} verweist auf {1}, {2}</translation>
    </message>
    <message>
        <source>{0} sends other bytes</source>
        <translation>{0} sendet andere Bytes</translation>
    </message>
    <message>
        <source>{0} stands in it twice</source>
        <translation>{0} steht zweimal darin</translation>
    </message>
    <message>
        <source>{0} was asked for</source>
        <translation>{0} war verlangt</translation>
    </message>
    <message>
        <source>{0} while it loaded the model</source>
        <translation>{0}, während sie das Modell lud</translation>
    </message>
    <message>
        <source>{0}, and wants {1} minutes of peace</source>
        <translation>{0} und will {1} Minuten Ruhe</translation>
    </message>
    <message>
        <source>{0}, the answer {1}</source>
        <translation>{0}, die Antwort ist {1}</translation>
    </message>
    <message>
        <source>{0}, the limit on the memory of a process is {1}.</source>
        <translation>{0}, ein Prozess darf höchstens {1} haben.</translation>
    </message>
    <message>
        <source>{0}, with Ctrl, Alt or Meta in it, got &apos;{1}&apos;</source>
        <translation>{0}, mit Ctrl, Alt oder Meta darin; angegeben war „{1}“</translation>
    </message>
    <message>
        <source>{0}, without repacking</source>
        <translation>{0}, ohne Umordnen</translation>
    </message>
    <message>
        <source>{0}: it had {1} words and has {2} now</source>
        <translation>{0}: es waren {1} Wörter, jetzt sind es {2}</translation>
    </message>
    <message>
        <source>{0}: its manifest is not what was signed</source>
        <translation>{0}: sein Inhaltsverzeichnis ist nicht das signierte</translation>
    </message>
    <message>
        <source>{0}: its trial batch {1}; nobody vouches for it</source>
        <translation>{0}: sein Probelauf {1}; niemand bürgt dafür</translation>
    </message>
    <message>
        <source>{0}: rows are read from {1}</source>
        <translation>{0}: Zeilen werden gelesen aus {1}</translation>
    </message>
    <message>
        <source>{0}: rows are written to {1}</source>
        <translation>{0}: Zeilen werden geschrieben in {1}</translation>
    </message>
    <message>
        <source>{0}: there is no policy {1}</source>
        <translation>{0}: eine Richtlinie {1} gibt es nicht</translation>
    </message>
    <message>
        <source>{0}; again in {1} s</source>
        <translation>{0}; noch einmal in {1} s</translation>
    </message>
    <message>
        <source>{0}; little would be left for other programs.</source>
        <translation>{0}; für andere Programme bliebe wenig übrig.</translation>
    </message>
    <message>
        <source>{0}; the rest would be on the disk, which is slow.</source>
        <translation>{0}; der Rest läge auf dem Datenträger, was langsam ist.</translation>
    </message>
    <message>
        <source>it names none of the fields that were asked for</source>
        <translation>sie nennt keines der verlangten Felder</translation>
    </message>
    <message>
        <source>Entries of this batch were forgotten while it ran</source>
        <translation>Einträge dieses Stapels wurden vergessen, während er lief</translation>
    </message>
    <message>
        <source>Run it again; if the output is not to be replaced, only the rows whose answers are gone are answered anew.</source>
        <translation>Führen Sie ihn noch einmal aus; soll die Ausgabe nicht ersetzt werden, werden nur die Zeilen neu beantwortet, deren Antworten weg sind.</translation>
    </message>
    <message>
        <source>Run it again; without --replace only the rows whose answers are gone are answered anew.</source>
        <translation>Führen Sie ihn noch einmal aus; ohne --replace werden nur die Zeilen neu beantwortet, deren Antworten weg sind.</translation>
    </message>
    <message>
        <source>It was finished, given up or forgotten meanwhile; begin a new one.</source>
        <translation>Er wurde inzwischen abgeschlossen, aufgegeben oder vergessen; beginnen Sie einen neuen.</translation>
    </message>
    <message>
        <source>This batch cannot be gone on with any more</source>
        <translation>Dieser Stapel kann nicht mehr fortgesetzt werden</translation>
    </message>
    <message>
        <source>the file of {0} is another one than when the batch began</source>
        <translation>die Datei von {0} ist eine andere als zu Beginn des Stapels</translation>
    </message>
    <message>
        <source>the model file is another one than when the batch began</source>
        <translation>die Modelldatei ist eine andere als zu Beginn des Stapels</translation>
    </message>
    <message>
        <source>there are no answers that still hold: every row is answered</source>
        <translation>es gibt keine Antworten, die noch gelten: Jede Zeile wird beantwortet</translation>
    </message>
    <message>
        <source>one of {0} parts: {1}</source>
        <translation>einer von {0} Teilen: {1}</translation>
    </message>
    <message>
        <source>Footnotes and text boxes were left out.</source>
        <translation>Fußnoten und Textfelder wurden ausgelassen.</translation>
    </message>
    <message>
        <source>the output would replace one of the parts</source>
        <translation>die Ausgabe würde einen der Teile ersetzen</translation>
    </message>
    <message>
        <source>What was filled into its form could not be read.</source>
        <translation>Was in das Formular eingetragen wurde, ließ sich nicht lesen.</translation>
    </message>
    <message>
        <source>expected 0, or two labels: this is no mistake</source>
        <translation>erwartet wird 0, oder zwei Kategorien: das ist kein Fehler</translation>
    </message>
    <message>
        <source>expected a text in UTF-8, so save the file as that</source>
        <translation>erwartet wird ein Text in UTF-8, speichern Sie die Datei also so</translation>
    </message>
    <message>
        <source>line 1: this seems to be UTF-16; {0}</source>
        <translation>Zeile 1: das ist wohl UTF-16; {0}</translation>
    </message>
    <message>
        <source>line {0}{1}: byte 0x{2} is not UTF-8; {3}</source>
        <translation>Zeile {0}{1}: Byte 0x{2} ist kein UTF-8; {3}</translation>
    </message>
    <message>
        <source>the label &apos;{0}&apos; reads like several labels of this task</source>
        <translation>die Kategorie „{0}“ liest sich wie mehrere Kategorien dieser Aufgabe</translation>
    </message>
    <message>
        <source>the {0} &apos;{1}&apos; begins or ends with a blank</source>
        <translation>„{1}“ beginnt oder endet mit einem Leerzeichen ({0})</translation>
    </message>
    <message>
        <source>the {0} &apos;{1}&apos; holds a line end or control character</source>
        <translation>„{1}“ enthält ein Zeilenende oder Steuerzeichen ({0})</translation>
    </message>
    <message>
        <source>the {0} &apos;{1}&apos; is &apos;{2}&apos; but for its blanks</source>
        <translation>„{1}“ ist bis auf Leerzeichen „{2}“ ({0})</translation>
    </message>
    <message>
        <source>it is not a file</source>
        <translation>es ist keine Datei</translation>
    </message>
    <message>
        <source>has a cell that is too long</source>
        <translation>hat eine Zelle, die zu lang ist</translation>
    </message>
    <message>
        <source>Hardly anything was changed: the model copied the text. A larger model may do better.</source>
        <translation>Kaum etwas wurde geändert: Das Modell hat den Text abgeschrieben. Ein größeres Modell kann es vielleicht besser.</translation>
    </message>
    <message>
        <source>nothing usable was written for a part, which stays as it was</source>
        <translation>für einen Teil wurde nichts Brauchbares geschrieben; er bleibt, wie er war</translation>
    </message>
    <message>
        <source>nothing usable was written for {0} of {1} parts, which stay as they were</source>
        <translation>für {0} von {1} Teilen wurde nichts Brauchbares geschrieben; sie bleiben, wie sie waren</translation>
    </message>
    <message>
        <source>only tasks that choose labels can be taught so</source>
        <translation>so können nur Aufgaben lernen, die Kategorien wählen</translation>
    </message>
    <message>
        <source>a curve takes {0} labelled texts of several labels</source>
        <translation>eine Kurve braucht {0} Texte mit mehreren verschiedenen Kategorien</translation>
    </message>
    <message>
        <source>a curve takes {0} labelled texts with their values</source>
        <translation>eine Kurve braucht {0} Texte mit ihren Werten</translation>
    </message>
    <message>
        <source>only tasks that choose labels or find fields have a curve</source>
        <translation>eine Kurve haben nur Aufgaben, die Kategorien wählen oder Felder finden</translation>
    </message>
</context>
<context>
    <name>SettingWords</name>
    <message>
        <source>Like the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Address of a mirror of the Hub; empty: what HF_ENDPOINT says, or the Hub.</source>
        <translation>Adresse eines Spiegels des Hubs; leer: was HF_ENDPOINT sagt, oder der Hub selbst.</translation>
    </message>
    <message>
        <source>Allow a cluster</source>
        <translation>Cluster erlauben</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Ask before a download where the connection is metered.</source>
        <translation>Vor einem Download fragen, wenn die Verbindung getaktet ist.</translation>
    </message>
    <message>
        <source>Ask when metered</source>
        <translation>Bei getakteter Verbindung fragen</translation>
    </message>
    <message>
        <source>Batches may be spread over other machines (&apos;batch --cluster&apos;); their texts leave this computer then.</source>
        <translation>Stapel dürfen auf andere Rechner verteilt werden („batch --cluster“); ihre Texte verlassen dann diesen Computer.</translation>
    </message>
    <message>
        <source>Changed shortcuts of the window, as &apos;name=keys&apos; with spaces between.</source>
        <translation>Geänderte Tastenkürzel des Fensters, als „Name=Tasten“ mit Leerzeichen dazwischen.</translation>
    </message>
    <message>
        <source>Check memory</source>
        <translation>Arbeitsspeicher prüfen</translation>
    </message>
    <message>
        <source>Cloud models</source>
        <translation>Cloud-Modelle</translation>
    </message>
    <message>
        <source>Colours: system, light or dark.</source>
        <translation>Farben: wie das System, hell oder dunkel.</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Fingerprint of one more key whose updates are taken, for an organisation to fix; empty: only the key that the program carries.</source>
        <translation>Fingerabdruck eines weiteren Schlüssels, dessen Aktualisierungen angenommen werden, den eine Organisation festlegen kann; leer: nur der Schlüssel, den das Programm mitbringt.</translation>
    </message>
    <message>
        <source>Forget answers that are older than so many days, in backups too; 0: keep all.</source>
        <translation>Antworten vergessen, die älter sind als so viele Tage, auch in Sicherungen; 0: alle aufbewahren.</translation>
    </message>
    <message>
        <source>Give the model&apos;s memory back after so many minutes without a request; 0: never.</source>
        <translation>Den Arbeitsspeicher des Modells nach so vielen Minuten ohne Anfrage zurückgeben; 0: nie.</translation>
    </message>
    <message>
        <source>Hosts of cloud models</source>
        <translation>Hosts von Cloud-Modellen</translation>
    </message>
    <message>
        <source>Hosts of the mirror</source>
        <translation>Hosts des Spiegels</translation>
    </message>
    <message>
        <source>Id or path of the model to go back to.</source>
        <translation>Id oder Pfad des Modells, zu dem zurückgekehrt werden kann.</translation>
    </message>
    <message>
        <source>Id or path of the model to use; empty: the starter model.</source>
        <translation>Id oder Pfad des Modells, das verwendet wird; leer: das Startmodell.</translation>
    </message>
    <message>
        <source>Idle minutes</source>
        <translation>Minuten bis zum Ruhen</translation>
    </message>
    <message>
        <source>Introduction seen</source>
        <translation>Einführung gesehen</translation>
    </message>
    <message>
        <source>Keep days</source>
        <translation>Aufbewahrung in Tagen</translation>
    </message>
    <message>
        <source>Keep every answer, so that it can be found again.</source>
        <translation>Jede Antwort aufbewahren, damit sie wiedergefunden werden kann.</translation>
    </message>
    <message>
        <source>Keep history</source>
        <translation>Verlauf aufbewahren</translation>
    </message>
    <message>
        <source>Keep of every answer when, which task, which model and how long, but neither text nor answer.</source>
        <translation>Von jeder Antwort aufbewahren, wann, welche Aufgabe, welches Modell und wie lange, aber weder Text noch Antwort.</translation>
    </message>
    <message>
        <source>Keep running in the tray when the window is closed, for the quick panel.</source>
        <translation>Im Infobereich weiterlaufen, wenn das Fenster geschlossen wird, für das Schnellfenster.</translation>
    </message>
    <message>
        <source>Key of updates</source>
        <translation>Schlüssel für Aktualisierungen</translation>
    </message>
    <message>
        <source>Keys that open it from any program while Onhand runs; empty: none.</source>
        <translation>Tasten, die es aus jedem Programm öffnen, solange Onhand läuft; leer: keine.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Language of the window: system, en or de; from the next start on.</source>
        <translation>Sprache des Fensters: wie das System, Englisch oder Deutsch; ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>Lernen</translation>
    </message>
    <message>
        <source>Limit for a message</source>
        <translation>Limit für eine Nachricht</translation>
    </message>
    <message>
        <source>Limit for a month</source>
        <translation>Limit für einen Monat</translation>
    </message>
    <message>
        <source>Lock minutes</source>
        <translation>Minuten bis zum Sperren</translation>
    </message>
    <message>
        <source>Lock the history after so many minutes without a key or a click; 0: never.</source>
        <translation>Den Verlauf nach so vielen Minuten ohne Taste oder Klick sperren; 0: nie.</translation>
    </message>
    <message>
        <source>Metrics only</source>
        <translation>Nur Kennzahlen</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegel</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Model before</source>
        <translation>Voriges Modell</translation>
    </message>
    <message>
        <source>Models that are not in the catalogue may be imported and used.</source>
        <translation>Modelle, die nicht im Katalog stehen, dürfen importiert und verwendet werden.</translation>
    </message>
    <message>
        <source>More to mask by its form, for an organisation to fix: a name in capitals, = and a regular expression, with semicolons between: CUSTOMER=KD-[0-9]+.</source>
        <translation>Was außerdem nach seiner Form maskiert wird, zum Festlegen durch eine Organisation: ein Name in Großbuchstaben, = und ein regulärer Ausdruck, durch Semikolons getrennt: CUSTOMER=KD-[0-9]+.</translation>
    </message>
    <message>
        <source>More words to mask, for an organisation to fix: customers, projects, places.</source>
        <translation>Weitere Wörter, die maskiert werden; für eine Organisation: Kunden, Projekte, Orte.</translation>
    </message>
    <message>
        <source>Of the answers called sure at most so many in 100 are wrong (1 to 50).</source>
        <translation>Von den Antworten, die sicher genannt werden, sind höchstens so viele von 100 falsch (1 bis 50).</translation>
    </message>
    <message>
        <source>Offer to ask a cloud model about an answer; nothing is sent before you have seen it, byte by byte, and said so.</source>
        <translation>Anbieten, ein Cloud-Modell zu einer Antwort zu fragen; nichts wird gesendet, bevor Sie es Byte für Byte gesehen und es gesagt haben.</translation>
    </message>
    <message>
        <source>Patterns of the organisation</source>
        <translation>Muster der Organisation</translation>
    </message>
    <message>
        <source>Processor threads for the engine; 0: one for each core.</source>
        <translation>Prozessor-Threads für die Engine; 0: einer für jeden Kern.</translation>
    </message>
    <message>
        <source>Promised error</source>
        <translation>Zugesagter Fehler</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>Refuse to load a model that needs more memory than is free.</source>
        <translation>Ein Modell nicht laden, das mehr Arbeitsspeicher braucht, als frei ist.</translation>
    </message>
    <message>
        <source>Require sandbox</source>
        <translation>Sandbox verlangen</translation>
    </message>
    <message>
        <source>Run no model and open no document where the system cannot keep what reads them off the network.</source>
        <translation>Kein Modell ausführen und kein Dokument öffnen, wenn das System das, was sie liest, nicht vom Netz fernhalten kann.</translation>
    </message>
    <message>
        <source>Save battery</source>
        <translation>Akku schonen</translation>
    </message>
    <message>
        <source>Shortcut of the quick panel</source>
        <translation>Tasten des Schnellfensters</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Signed update files may be checked, and opened with the installer of the system.</source>
        <translation>Signierte Dateien mit Aktualisierungen dürfen geprüft und mit dem Installationsprogramm des Systems geöffnet werden.</translation>
    </message>
    <message>
        <source>Stay in the tray</source>
        <translation>Im Infobereich bleiben</translation>
    </message>
    <message>
        <source>The introduction was shown at the first start.</source>
        <translation>Die Einführung wurde beim ersten Start gezeigt.</translation>
    </message>
    <message>
        <source>The only hosts that text may be sent to: names with commas between, with all hosts below them; empty: those of the cloud models that were added.</source>
        <translation>Die einzigen Hosts, an die Text gesendet werden darf: Namen mit Kommas dazwischen, mit allen Hosts darunter; leer: die der hinzugefügten Cloud-Modelle.</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>Tokens that the model sees at once (512 to 131072).</source>
        <translation>Token, die das Modell auf einmal sieht (512 bis 131072).</translation>
    </message>
    <message>
        <source>Try in the background what your corrections teach a task, and answer with it where that is right more often.</source>
        <translation>Im Hintergrund ausprobieren, was Ihre Korrekturen eine Aufgabe lehren, und damit antworten, wo das öfter stimmt.</translation>
    </message>
    <message>
        <source>US cents that a message to a cloud model may cost at most; 0: no limit.</source>
        <translation>US-Cent, die eine Nachricht an ein Cloud-Modell höchstens kosten darf; 0: kein Limit.</translation>
    </message>
    <message>
        <source>US cents that all messages of a month to cloud models may cost; 0: no limit.</source>
        <translation>US-Cent, die alle Nachrichten eines Monats an Cloud-Modelle kosten dürfen; 0: kein Limit.</translation>
    </message>
    <message>
        <source>Unverified models</source>
        <translation>Unverifizierte Modelle</translation>
    </message>
    <message>
        <source>Updates from files</source>
        <translation>Aktualisierungen aus Dateien</translation>
    </message>
    <message>
        <source>Use half of the threads while on battery.</source>
        <translation>Im Akkubetrieb die Hälfte der Threads verwenden.</translation>
    </message>
    <message>
        <source>Where a mirror may send downloads on to: host names with commas between.</source>
        <translation>Wohin ein Spiegel Downloads weiterleiten darf: Hostnamen mit Kommas dazwischen.</translation>
    </message>
    <message>
        <source>Where the model runs: automatic, cpu, cuda, metal or vulkan; the processor where that cannot be.</source>
        <translation>Wo das Modell läuft: automatisch, Prozessor, CUDA, Metal oder Vulkan; der Prozessor, wo das nicht geht.</translation>
    </message>
    <message>
        <source>Words of the organisation</source>
        <translation>Wörter der Organisation</translation>
    </message>
    <message>
        <source>Words to mask</source>
        <translation>Wörter, die maskiert werden</translation>
    </message>
    <message>
        <source>Your own words to be masked in a text for a cloud model, with commas between.</source>
        <translation>Ihre eigenen Wörter, die in einem Text für ein Cloud-Modell maskiert werden, mit Kommas dazwischen.</translation>
    </message>
    <message>
        <source>http://name:password@host:port for downloads, kept as it is written here; empty: what the system says.</source>
        <translation>http://name:passwort@host:port für Downloads, aufbewahrt, wie es hier geschrieben ist; leer: was das System sagt.</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>{keys} is kept for the guide.</source>
        <translation>{keys} ist für die Anleitung vorgesehen.</translation>
    </message>
    <message>
        <source>{keys} is needed for typing. Take keys with Ctrl or Alt, or a function key.</source>
        <translation>{keys} wird zum Schreiben gebraucht. Nehmen Sie Tasten mit Strg oder Alt oder eine Funktionstaste.</translation>
    </message>
    <message>
        <source>{keys} is taken by “{action}”.</source>
        <translation>{keys} ist durch „{action}“ belegt.</translation>
    </message>
    <message>
        <source>Run the task on the text</source>
        <translation>Die Aufgabe auf den Text anwenden</translation>
    </message>
    <message>
        <source>Stop what is running</source>
        <translation>Anhalten, was läuft</translation>
    </message>
    <message>
        <source>Open a file</source>
        <translation>Eine Datei öffnen</translation>
    </message>
    <message>
        <source>Go to Work</source>
        <translation>Zu „Arbeiten“ gehen</translation>
    </message>
    <message>
        <source>Go to Batch</source>
        <translation>Zum Stapel gehen</translation>
    </message>
    <message>
        <source>Go to History</source>
        <translation>Zum Verlauf gehen</translation>
    </message>
    <message>
        <source>Go to Measure</source>
        <translation>Zu „Messen“ gehen</translation>
    </message>
    <message>
        <source>Go to Preferences</source>
        <translation>Zu den Einstellungen gehen</translation>
    </message>
    <message>
        <source>Search the history</source>
        <translation>Den Verlauf durchsuchen</translation>
    </message>
    <message>
        <source>Open the quick panel</source>
        <translation>Das Schnellfenster öffnen</translation>
    </message>
    <message>
        <source>Show the keyboard shortcuts</source>
        <translation>Die Tastenkürzel zeigen</translation>
    </message>
    <message>
        <source>Open the text of the quick panel in the window</source>
        <translation>Den Text des Schnellfensters im Fenster öffnen</translation>
    </message>
    <message>
        <source>Put the former clipboard back</source>
        <translation>Die vorige Zwischenablage zurücklegen</translation>
    </message>
    <message>
        <source>Quit Onhand</source>
        <translation>Onhand beenden</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;Reset all</source>
        <translation>&amp;Alle zurücksetzen</translation>
    </message>
    <message>
        <source>Reset all shortcuts</source>
        <translation>Alle Tastenkürzel zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Choose a field and press the new keys. Backspace takes them away. In the quick panel the digits 1 to 9 run a task, and Esc leaves it.</source>
        <translation>Wählen Sie ein Feld und drücken Sie die neuen Tasten. Die Rücktaste entfernt sie. Im Schnellfenster führen die Ziffern 1 bis 9 eine Aufgabe aus, und Esc verlässt es.</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset: {action}</source>
        <translation>Zurücksetzen: {action}</translation>
    </message>
</context>
<context>
    <name>SmallerFirst</name>
    <message>
        <source>Let a smaller model answer first</source>
        <translation>Ein kleineres Modell zuerst antworten lassen</translation>
    </message>
    <message>
        <source>Smaller model</source>
        <translation>Kleineres Modell</translation>
    </message>
    <message>
        <source>It answers the rows of which it is sure enough, if that pays. A sample of the rows tells.</source>
        <translation>Es beantwortet die Zeilen, bei denen es sicher genug ist, wenn sich das lohnt. Das zeigt eine Stichprobe der Zeilen.</translation>
    </message>
    <message>
        <source>{small} was not asked first: {why}.</source>
        <translation>{small} wurde nicht zuerst gefragt: {why}.</translation>
    </message>
    <message>
        <source>{small} answered {number} rows first.</source>
        <translation>{small} hat {number} Zeilen zuerst beantwortet.</translation>
    </message>
    <message>
        <source>That saved about {time}.</source>
        <translation>Das hat etwa {time} gespart.</translation>
    </message>
    <message>
        <source>That saved no time.</source>
        <translation>Das hat keine Zeit gespart.</translation>
    </message>
    <message>
        <source>On a sample {share} of such answers were those of {model}.</source>
        <translation>In einer Stichprobe stimmten {share} solcher Antworten mit denen von {model} überein.</translation>
    </message>
</context>
<context>
    <name>SpeedCard</name>
    <message>
        <source>Progress of the trial</source>
        <translation>Fortschritt des Versuchs</translation>
    </message>
    <message>
        <source>&amp;Make it faster here</source>
        <translation>Hier schne&amp;ller machen</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>Anhal&amp;ten</translation>
    </message>
    <message>
        <source>Stop the trial</source>
        <translation>Den Versuch anhalten</translation>
    </message>
    <message>
        <source>&amp;Take it back</source>
        <translation>&amp;Zurücknehmen</translation>
    </message>
    <message>
        <source>Trying other ways to store the model&apos;s weights. The file stays as it is.</source>
        <translation>Andere Arten, die Gewichte des Modells zu speichern, werden ausprobiert. Die Datei bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>&amp;Measure again</source>
        <translation>Noch einma&amp;l messen</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <source>Offline. 0 bytes of your text have left this laptop.</source>
        <translation>Offline. 0 Byte Ihres Textes haben diesen Laptop verlassen.</translation>
    </message>
    <message>
        <source>not loaded yet</source>
        <translation>noch nicht geladen</translation>
    </message>
    <message>
        <source>on {device}</source>
        <translation>auf {device}</translation>
    </message>
    <message>
        <source>asleep; the next request loads it</source>
        <translation>ruht; die nächste Anfrage lädt es</translation>
    </message>
    <message>
        <source>{model}: {state}</source>
        <translation>{model}: {state}</translation>
    </message>
    <message>
        <source>{number} bytes of your text have left this laptop.</source>
        <translation>{number} Byte Ihres Textes haben diesen Laptop verlassen.</translation>
    </message>
    <message>
        <source>Downloading a model.</source>
        <translation>Ein Modell wird heruntergeladen.</translation>
    </message>
    <message>
        <source>Offline.</source>
        <translation>Offline.</translation>
    </message>
    <message>
        <source>Model: {model}</source>
        <translation>Modell: {model}</translation>
    </message>
    <message>
        <source>at work</source>
        <translation>bei der Arbeit</translation>
    </message>
</context>
<context>
    <name>StyleEditor</name>
    <message>
        <source>Style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>Correct mistakes</source>
        <translation>Fehler berichtigen</translation>
    </message>
    <message>
        <source>Plain language</source>
        <translation>Einfache Sprache</translation>
    </message>
    <message>
        <source>Formal</source>
        <translation>Förmlich</translation>
    </message>
    <message>
        <source>Friendly</source>
        <translation>Freundlich</translation>
    </message>
    <message>
        <source>Shorter</source>
        <translation>Kürzer</translation>
    </message>
    <message>
        <source>In my own words…</source>
        <translation>Mit meinen Worten…</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>Anweisung</translation>
    </message>
    <message>
        <source>Rewrite as a friendly reminder.</source>
        <translation>Schreibe es als freundliche Erinnerung.</translation>
    </message>
    <message>
        <source>type an instruction</source>
        <translation>geben Sie eine Anweisung ein</translation>
    </message>
</context>
<context>
    <name>SummaryView</name>
    <message>
        <source>Summary</source>
        <translation>Zusammenfassung</translation>
    </message>
    <message>
        <source>Put the cursor into a sentence to see where it comes from.</source>
        <translation>Setzen Sie den Cursor in einen Satz, um zu sehen, woher er kommt.</translation>
    </message>
    <message>
        <source>Look at the summary before you use it</source>
        <translation>Sehen Sie die Zusammenfassung an, bevor Sie sie verwenden</translation>
    </message>
</context>
<context>
    <name>SwitchNotice</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Undo the change of model</source>
        <translation>Den Wechsel des Modells rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>Diesen Hinweis schließen</translation>
    </message>
</context>
<context>
    <name>Switching</name>
    <message>
        <source>{model} answers from now on.</source>
        <translation>{model} antwortet von jetzt an.</translation>
    </message>
</context>
<context>
    <name>TaskDialog</name>
    <message>
        <source>Import a task</source>
        <translation>Eine Aufgabe importieren</translation>
    </message>
    <message>
        <source>Import the task “{name}”?</source>
        <translation>Die Aufgabe „{name}“ importieren?</translation>
    </message>
    <message>
        <source>It comes from a file. Read what it asks the model to do; nothing is run yet.</source>
        <translation>Sie stammt aus einer Datei. Lesen Sie, was sie vom Modell verlangt; noch wird nichts ausgeführt.</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>Anweisung</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importieren</translation>
    </message>
    <message>
        <source>Import the task</source>
        <translation>Die Aufgabe importieren</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Jetzt nicht</translation>
    </message>
    <message>
        <source>Kind: {kind}</source>
        <translation>Art: {kind}</translation>
    </message>
    <message>
        <source>Answers: {names}</source>
        <translation>Antworten: {names}</translation>
    </message>
    <message>
        <source>Fields: {names}</source>
        <translation>Felder: {names}</translation>
    </message>
</context>
<context>
    <name>TaskForm</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Teac&amp;h…</source>
        <translation>Be&amp;ibringen…</translation>
    </message>
    <message>
        <source>Teach this task</source>
        <translation>Dieser Aufgabe etwas beibringen</translation>
    </message>
    <message>
        <source>&amp;Edit a copy</source>
        <translation>Kopie &amp;bearbeiten</translation>
    </message>
    <message>
        <source>All tas&amp;ks…</source>
        <translation>Auf&amp;gaben…</translation>
    </message>
    <message>
        <source>All tasks</source>
        <translation>Alle Aufgaben</translation>
    </message>
    <message>
        <source>From the history</source>
        <translation>Aus dem Verlauf</translation>
    </message>
    <message>
        <source>Labels of my own</source>
        <translation>Eigene Kategorien</translation>
    </message>
    <message>
        <source>Fields of my own</source>
        <translation>Eigene Felder</translation>
    </message>
    <message>
        <source>Choose a style</source>
        <translation>Einen Stil wählen</translation>
    </message>
    <message>
        <source>In short</source>
        <translation>In Kürze</translation>
    </message>
    <message numerus="yes">
        <source>{names} and %Ln more</source>
        <translation>
            <numerusform>{names} und %Ln weitere</numerusform>
            <numerusform>{names} und %Ln weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>Answers: {names}</source>
        <translation>Antworten: {names}</translation>
    </message>
    <message>
        <source>Fields: {names}</source>
        <translation>Felder: {names}</translation>
    </message>
</context>
<context>
    <name>TaskListDialog</name>
    <message>
        <source>Tasks</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Find a task</source>
        <translation>Aufgabe suchen</translation>
    </message>
    <message>
        <source>Type to find a task</source>
        <translation>Tippen, um eine Aufgabe zu finden</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was sie tut</translation>
    </message>
    <message>
        <source>Where from</source>
        <translation>Woher</translation>
    </message>
    <message>
        <source>All tasks</source>
        <translation>Alle Aufgaben</translation>
    </message>
    <message>
        <source>No task has these words.</source>
        <translation>Keine Aufgabe hat diese Wörter.</translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation>&amp;Verwenden</translation>
    </message>
    <message>
        <source>Use the task</source>
        <translation>Aufgabe verwenden</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>&amp;Bearbeiten…</translation>
    </message>
    <message>
        <source>Edit the task</source>
        <translation>Aufgabe bearbeiten</translation>
    </message>
    <message>
        <source>&amp;New task…</source>
        <translation>&amp;Neue Aufgabe…</translation>
    </message>
    <message>
        <source>New task</source>
        <translation>Neue Aufgabe</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Delete the task</source>
        <translation>Die Aufgabe löschen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Liste schließen</translation>
    </message>
    <message>
        <source>used last</source>
        <translation>zuletzt verwendet</translation>
    </message>
    <message>
        <source>your own</source>
        <translation>eigene</translation>
    </message>
    <message>
        <source>built in</source>
        <translation>mitgeliefert</translation>
    </message>
    <message>
        <source>&amp;Edit a copy…</source>
        <translation>Kopie &amp;bearbeiten…</translation>
    </message>
</context>
<context>
    <name>TaskPreview</name>
    <message>
        <source>Text to try the task on</source>
        <translation>Text zum Ausprobieren</translation>
    </message>
    <message>
        <source>Type or paste a text to try the task on.</source>
        <translation>Text eingeben oder einfügen, an dem die Aufgabe ausprobiert wird.</translation>
    </message>
    <message>
        <source>Try it on</source>
        <translation>Ausprobieren an</translation>
    </message>
    <message>
        <source>With a text, the answer shows here while you edit.</source>
        <translation>Mit einem Text erscheint die Antwort hier, während Sie bearbeiten.</translation>
    </message>
    <message>
        <source>Trying the task…</source>
        <translation>Aufgabe wird ausprobiert…</translation>
    </message>
    <message>
        <source>The answer as the task is now; it is not kept.</source>
        <translation>Die Antwort, wie die Aufgabe jetzt ist; sie wird nicht aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>Tasks</name>
    <message>
        <source>Contact details</source>
        <translation>Kontaktdaten</translation>
    </message>
    <message>
        <source>Correct English</source>
        <translation>Englisch korrigieren</translation>
    </message>
    <message>
        <source>Invoice or receipt</source>
        <translation>Rechnung oder Beleg</translation>
    </message>
    <message>
        <source>Key points</source>
        <translation>Kernpunkte</translation>
    </message>
    <message>
        <source>Plain language</source>
        <translation>Einfache Sprache</translation>
    </message>
    <message>
        <source>Sentiment</source>
        <translation>Stimmung</translation>
    </message>
    <message>
        <source>Shorter mail</source>
        <translation>Kürzere E-Mail</translation>
    </message>
    <message>
        <source>Ticket queue</source>
        <translation>Support-Anfragen</translation>
    </message>
    <message>
        <source>Urgency</source>
        <translation>Dringlichkeit</translation>
    </message>
</context>
<context>
    <name>TeachDialog</name>
    <message>
        <source>Teach a task</source>
        <translation>Einer Aufgabe etwas beibringen</translation>
    </message>
    <message>
        <source>Progress of the lesson</source>
        <translation>Fortschritt der Lektion</translation>
    </message>
    <message>
        <source>&amp;Teach</source>
        <translation>&amp;Beibringen</translation>
    </message>
    <message>
        <source>Teach now</source>
        <translation>Jetzt beibringen</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Stop the lesson</source>
        <translation>Die Lektion anhalten</translation>
    </message>
    <message>
        <source>&amp;Undo the last lesson</source>
        <translation>Lektion &amp;zurücknehmen</translation>
    </message>
    <message>
        <source>E&amp;xamples…</source>
        <translation>Beis&amp;piele…</translation>
    </message>
    <message>
        <source>Show the examples</source>
        <translation>Die Beispiele zeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>this task</source>
        <translation>diese Aufgabe</translation>
    </message>
    <message>
        <source>What {task} was taught</source>
        <translation>Was gelernt wurde: {task}</translation>
    </message>
    <message>
        <source>Labelled rows are kept as examples of the task. Without a file it learns from what is kept. What it learns is used only where it is right more often on texts that were held out.</source>
        <translation>Zeilen mit Kategorie werden als Beispiele der Aufgabe aufbewahrt. Ohne Datei lernt sie aus dem, was aufbewahrt ist. Was sie lernt, wird nur verwendet, wo es bei zurückgehaltenen Texten öfter stimmt.</translation>
    </message>
    <message>
        <source>A row names all labels of its text, with “; ” between them.</source>
        <translation>Eine Zeile nennt alle Kategorien ihres Textes, mit „; “ dazwischen.</translation>
    </message>
    <message>
        <source>Waiting for its turn…</source>
        <translation>Die Lektion wartet, bis sie an der Reihe ist…</translation>
    </message>
    <message>
        <source>{number} texts came with different labels; the last row counts.</source>
        <translation>{number} Texte kamen mit verschiedenen Kategorien; die letzte Zeile zählt.</translation>
    </message>
    <message>
        <source>{number} rows name no label; they teach when none applies.</source>
        <translation>{number} Zeilen nennen keine Kategorie; sie lehren, wann keine passt.</translation>
    </message>
    <message>
        <source>The examples are not kept: there is no key for the history.</source>
        <translation>Die Beispiele werden nicht aufbewahrt: Es gibt keinen Schlüssel für den Verlauf.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was learned.</source>
        <translation>Angehalten. Nichts wurde gelernt.</translation>
    </message>
    <message>
        <source>The task answers as before its last lesson.</source>
        <translation>Die Aufgabe antwortet wie vor ihrer letzten Lektion.</translation>
    </message>
    <message>
        <source>A row has the value of each field in a column of its name.</source>
        <translation>Eine Zeile hat den Wert jedes Felds in einer Spalte, die wie das Feld heißt.</translation>
    </message>
    <message>
        <source>A row has a text, and the text as it should be written. Rows are kept as examples of the task. Some of them are shown to the model, if what it writes of texts that were held out comes nearer to what is right then.</source>
        <translation>Eine Zeile hat einen Text und den Text, wie er geschrieben sein soll. Die Zeilen werden als Beispiele der Aufgabe aufbewahrt. Einige davon werden dem Modell gezeigt, wenn das, was es über zurückgehaltene Texte schreibt, damit dem Richtigen näher kommt.</translation>
    </message>
</context>
<context>
    <name>TeacherFields</name>
    <message>
        <source>Who gives the labels</source>
        <translation>Wer die Kategorien gibt</translation>
    </message>
    <message>
        <source>The file</source>
        <translation>Die Datei</translation>
    </message>
    <message>
        <source>Save the &amp;labels…</source>
        <translation>&amp;Kategorien speichern…</translation>
    </message>
    <message>
        <source>Labels come from</source>
        <translation>Kategorien gibt</translation>
    </message>
    <message>
        <source>The task answers with what it learned from now on</source>
        <translation>Die Aufgabe antwortet von jetzt an mit dem, was sie gelernt hat</translation>
    </message>
    <message>
        <source>The task answers as before</source>
        <translation>Die Aufgabe antwortet wie bisher</translation>
    </message>
    <message>
        <source>{teacher} labelled {texts} texts; the {doubtful} that it was least sure of taught nothing. Of {examples} {model} gives {before} the same answer by itself, and {after} with what the others teach: {same} of the teacher&apos;s answers in {time} of its time.</source>
        <translation>{teacher} hat {texts} Texten eine Kategorie gegeben; die {doubtful} unsichersten davon lehrten nichts. Von {examples} gibt {model} von sich aus {before} dieselbe Antwort, und {after} mit dem, was die anderen lehren: {same} der Antworten des Lehrers in {time} seiner Zeit.</translation>
    </message>
    <message>
        <source>Save the labels</source>
        <translation>Kategorien speichern</translation>
    </message>
    <message>
        <source>Labels (*.csv *.jsonl)</source>
        <translation>Kategorien (*.csv *.jsonl)</translation>
    </message>
    <message>
        <source>The labels are in {path}.</source>
        <translation>Die Kategorien sind in {path}.</translation>
    </message>
    <message>
        <source>The least sure come first. Put them right and teach the file.</source>
        <translation>Die unsichersten stehen zuerst. Berichtigen Sie sie und lehren Sie mit der Datei.</translation>
    </message>
</context>
<context>
    <name>TransferWording</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>downloading {share}</source>
        <translation>lädt, {share}</translation>
    </message>
    <message>
        <source>paused at {share}</source>
        <translation>unterbrochen bei {share}</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>wird geprüft</translation>
    </message>
    <message>
        <source>here</source>
        <translation>hier</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{speed} a second</source>
        <translation>{speed} je Sekunde</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Quick panel</source>
        <translation>&amp;Schnellfenster</translation>
    </message>
    <message>
        <source>Open &amp;Onhand</source>
        <translation>&amp;Onhand öffnen</translation>
    </message>
    <message>
        <source>&amp;End Onhand</source>
        <translation>Onhand &amp;beenden</translation>
    </message>
    <message>
        <source>Onhand: click for the quick panel</source>
        <translation>Onhand: Klicken öffnet das Schnellfenster</translation>
    </message>
</context>
<context>
    <name>TrialDialog</name>
    <message>
        <source>Trial</source>
        <translation>Probe</translation>
    </message>
    <message>
        <source>Rows that were tried</source>
        <translation>Ausprobierte Zeilen</translation>
    </message>
    <message>
        <source>There are no rows</source>
        <translation>Es gibt keine Zeilen</translation>
    </message>
    <message>
        <source>&amp;Run all rows</source>
        <translation>Alle Zeilen aus&amp;führen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Nothing was kept. In the batch some answers may be others.</source>
        <translation>Nichts wurde aufbewahrt. Im Stapel können einige Antworten anders sein.</translation>
    </message>
    <message>
        <source>Rows without an answer: {number}</source>
        <translation>Zeilen ohne Antwort: {number}</translation>
    </message>
    <message>
        <source>In the batch they will be rows with an error.</source>
        <translation>Im Stapel werden das Zeilen mit einem Fehler sein.</translation>
    </message>
    <message numerus="yes">
        <source>All %Ln rows will take about {time}</source>
        <translation>
            <numerusform>%Ln Zeile dauert etwa {time}</numerusform>
            <numerusform>Alle %Ln Zeilen dauern etwa {time}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnfinishedNotice</name>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Go on with the unfinished download</source>
        <translation>Den unfertigen Download fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Jetzt nicht</translation>
    </message>
    <message>
        <source>Leave the download unfinished</source>
        <translation>Den Download unfertig lassen</translation>
    </message>
    <message>
        <source>A download is not finished yet: {names}</source>
        <translation>Ein Download ist noch nicht fertig: {names}</translation>
    </message>
    <message>
        <source>What has arrived is kept. It can be gone on with in Preferences too.</source>
        <translation>Was angekommen ist, bleibt. Er lässt sich auch in den Einstellungen fortsetzen.</translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Passphrase, once more</source>
        <translation>Passphrase, noch einmal</translation>
    </message>
    <message>
        <source>&amp;Set passphrase</source>
        <translation>Passphrase &amp;festlegen</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Entsperren</translation>
    </message>
    <message>
        <source>&amp;Keep nothing</source>
        <translation>&amp;Nichts aufbewahren</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Jetzt nicht</translation>
    </message>
    <message>
        <source>Use the &amp;keyring</source>
        <translation>Schlüssel&amp;bund verwenden</translation>
    </message>
    <message>
        <source>Try the &amp;keyring again</source>
        <translation>Schlüssel&amp;bund noch einmal versuchen</translation>
    </message>
    <message>
        <source>A passphrase for your history</source>
        <translation>Eine Passphrase für Ihren Verlauf</translation>
    </message>
    <message>
        <source>Answers are kept encrypted. This computer has no keyring that could hold the key, or it is locked, so a passphrase has to open it. Nobody can tell it to you again.</source>
        <translation>Antworten werden verschlüsselt aufbewahrt. Dieser Computer hat keinen Schlüsselbund, der den Schlüssel aufnehmen könnte, oder er ist gesperrt; deshalb muss eine Passphrase ihn öffnen. Niemand kann sie Ihnen wieder sagen.</translation>
    </message>
    <message>
        <source>The history is locked</source>
        <translation>Der Verlauf ist gesperrt</translation>
    </message>
    <message>
        <source>Its key is no longer in memory. The keyring of this computer opens it again, as do your passphrase and the recovery code. Until then answers are not kept.</source>
        <translation>Sein Schlüssel ist nicht mehr im Arbeitsspeicher. Der Schlüsselbund dieses Computers öffnet ihn wieder, ebenso Ihre Passphrase und der Wiederherstellungscode. Bis dahin werden Antworten nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>The keyring of this computer does not give its key. It may be locked, or its dialog was closed: try it again. The passphrase or the recovery code opens the history too. Until then answers are not kept.</source>
        <translation>Der Schlüsselbund dieses Computers gibt seinen Schlüssel nicht heraus. Vielleicht ist er gesperrt, oder sein Dialog wurde geschlossen: Versuchen Sie es noch einmal. Auch die Passphrase oder der Wiederherstellungscode öffnet den Verlauf. Bis dahin werden Antworten nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>Asking the keyring…</source>
        <translation>Der Schlüsselbund wird gefragt…</translation>
    </message>
    <message>
        <source>The keyring does not give the key.</source>
        <translation>Der Schlüsselbund gibt den Schlüssel nicht heraus.</translation>
    </message>
    <message>
        <source>Unlock it in the settings of your system, or use the passphrase.</source>
        <translation>Entsperren Sie ihn in den Einstellungen Ihres Systems, oder verwenden Sie die Passphrase.</translation>
    </message>
    <message>
        <source>The two passphrases are not the same.</source>
        <translation>Die beiden Passphrasen sind nicht gleich.</translation>
    </message>
</context>
<context>
    <name>UpdateCheck</name>
    <message>
        <source>Check an update</source>
        <translation>Aktualisierung prüfen</translation>
    </message>
    <message>
        <source>Check an update…</source>
        <translation>Aktualisierung prüfen…</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>Prüfen abbrechen</translation>
    </message>
    <message>
        <source>Open the installer</source>
        <translation>Installationsprogramm öffnen</translation>
    </message>
    <message>
        <source>Updates ({endings})</source>
        <translation>Aktualisierungen ({endings})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Checking the update…</source>
        <translation>Die Aktualisierung wird geprüft…</translation>
    </message>
    <message>
        <source>Checking the update: {percent} %</source>
        <translation>Die Aktualisierung wird geprüft: {percent} %</translation>
    </message>
    <message>
        <source>Onhand {version} is whole and signed, and newer than {installed}.</source>
        <translation>Onhand {version} ist unversehrt und signiert, und neuer als {installed}.</translation>
    </message>
    <message>
        <source>The key that it is signed with has the fingerprint {signer}. “Open the installer” gives {file} to the installer of your system; nothing is installed before that asks you. Close Onhand then.</source>
        <translation>Der Schlüssel, mit dem es signiert ist, hat den Fingerabdruck {signer}. „Installationsprogramm öffnen“ übergibt {file} dem Installationsprogramm Ihres Systems; installiert wird nichts, bevor dieses Sie fragt. Schließen Sie Onhand dann.</translation>
    </message>
    <message>
        <source>It lies in {folder}. Install it as your system does that.</source>
        <translation>Es liegt in {folder}. Installieren Sie es, wie Ihr System das tut.</translation>
    </message>
    <message>
        <source>This system has nothing that opens the package.</source>
        <translation>Dieses System hat nichts, was das Paket öffnet.</translation>
    </message>
</context>
<context>
    <name>UsageDialog</name>
    <message>
        <source>What was used</source>
        <translation>Was verbraucht wurde</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>Monat</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Local</source>
        <translation>Lokal</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Spent</source>
        <translation>Ausgegeben</translation>
    </message>
    <message>
        <source>All in a cloud</source>
        <translation>Alles in der Cloud</translation>
    </message>
    <message>
        <source>Tokens of texts that stayed here are an estimate.</source>
        <translation>Token von Texten, die hier blieben, sind geschätzt.</translation>
    </message>
    <message>
        <source>“All in a cloud” is about what {model} would have cost for all of them.</source>
        <translation>„Alles in der Cloud“ ist etwa, was {model} für alle zusammen gekostet hätte.</translation>
    </message>
    <message>
        <source>Nothing was done yet.</source>
        <translation>Noch wurde nichts getan.</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespart</translation>
    </message>
</context>
<context>
    <name>WindowFrame</name>
    <message>
        <source>&amp;Work</source>
        <translation>&amp;Arbeiten</translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation>Sta&amp;pel</translation>
    </message>
    <message>
        <source>H&amp;istory</source>
        <translation>&amp;Verlauf</translation>
    </message>
    <message>
        <source>Me&amp;asure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>Pre&amp;ferences</source>
        <translation>&amp;Einstellungen</translation>
    </message>
    <message>
        <source>Page: {name}</source>
        <translation>Seite: {name}</translation>
    </message>
    <message>
        <source>Tr&amp;y again</source>
        <translation>&amp;Noch einmal versuchen</translation>
    </message>
</context>
<context>
    <name>WishEditor</name>
    <message>
        <source>How to summarise</source>
        <translation>Wie zusammengefasst werden soll</translation>
    </message>
    <message>
        <source>In a few sentences, saying only what is there</source>
        <translation>In wenigen Sätzen, nur mit dem, was dasteht</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Classify</source>
        <translation>Einordnen</translation>
    </message>
    <message>
        <source>Extract</source>
        <translation>Auslesen</translation>
    </message>
    <message>
        <source>Rewrite</source>
        <translation>Umschreiben</translation>
    </message>
    <message>
        <source>Summarise</source>
        <translation>Zusammenfassen</translation>
    </message>
    <message>
        <source>&lt; 1 %</source>
        <translation>&lt; 1 %</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number} %</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} s</translation>
    </message>
    <message>
        <source>{number} min</source>
        <translation>{number} min</translation>
    </message>
    <message>
        <source>{number} h</source>
        <translation>{number} h</translation>
    </message>
    <message>
        <source>a minute</source>
        <translation>eine Minute</translation>
    </message>
    <message numerus="yes">
        <source>%Ln minutes</source>
        <translation>
            <numerusform>%Ln Minute</numerusform>
            <numerusform>%Ln Minuten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hours</source>
        <translation>
            <numerusform>%Ln Stunde</numerusform>
            <numerusform>%Ln Stunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln days</source>
        <translation>
            <numerusform>%Ln Tag</numerusform>
            <numerusform>%Ln Tage</numerusform>
        </translation>
    </message>
    <message>
        <source>The model&apos;s weights can be stored in the way that this machine reads fastest. That takes from seconds to minutes and can be taken back.</source>
        <translation>Die Gewichte des Modells lassen sich so speichern, wie dieser Computer sie am schnellsten liest. Das dauert Sekunden bis Minuten und lässt sich zurücknehmen.</translation>
    </message>
    <message>
        <source>The model stays as it came. The best other layout would read {reads} and write {writes} times as fast.</source>
        <translation>Das Modell bleibt, wie es kam. Die beste andere Anordnung läse {reads}-mal und schriebe {writes}-mal so schnell.</translation>
    </message>
    <message>
        <source>Tuned to this machine: it reads {reads} and writes {writes} times as fast.</source>
        <translation>Auf diesen Computer abgestimmt: Es liest {reads}-mal und schreibt {writes}-mal so schnell.</translation>
    </message>
    <message numerus="yes">
        <source>Of %Ln answers that you corrected, {after} are right now, {before} were before.</source>
        <translation>
            <numerusform>Von %Ln Antwort, die Sie korrigiert haben, stimmt jetzt {after}, vorher {before}.</numerusform>
            <numerusform>Von %Ln Antworten, die Sie korrigiert haben, stimmen jetzt {after}, vorher {before}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %Ln answers to neutral texts, {same} stayed the same.</source>
        <translation>
            <numerusform>Von %Ln Antwort auf neutrale Texte blieb {same} gleich.</numerusform>
            <numerusform>Von %Ln Antworten auf neutrale Texte blieben {same} gleich.</numerusform>
        </translation>
    </message>
    <message>
        <source>{model} and {number} labelled texts on {device} · {seconds} · read {share}</source>
        <translation>{model} und {number} Texte mit Kategorie auf {device} · {seconds} · {share} gelesen</translation>
    </message>
    <message>
        <source>{model} on {device} · {seconds} · read {share}</source>
        <translation>{model} auf {device} · {seconds} · {share} gelesen</translation>
    </message>
    <message numerus="yes">
        <source>%Ln bytes sent, receipt {digest}</source>
        <translation>
            <numerusform>%Ln Byte gesendet, Beleg {digest}</numerusform>
            <numerusform>%Ln Byte gesendet, Beleg {digest}</numerusform>
        </translation>
    </message>
    <message>
        <source>Please check. A cloud model does not say how sure it is.</source>
        <translation>Bitte prüfen. Ein Cloud-Modell sagt nicht, wie sicher es ist.</translation>
    </message>
    <message>
        <source>Sure.</source>
        <translation>Sicher.</translation>
    </message>
    <message>
        <source>Please check.</source>
        <translation>Bitte prüfen.</translation>
    </message>
    <message>
        <source>Too hard for this model.</source>
        <translation>Zu schwer für dieses Modell.</translation>
    </message>
    <message>
        <source>Not enough corrections yet to say: {judged} of {enough}.</source>
        <translation>Noch zu wenige Korrekturen, um mehr zu sagen: {judged} von {enough}.</translation>
    </message>
    <message numerus="yes">
        <source>Of the answers this sure, about %Ln in 100 were wrong. n = {judged}.</source>
        <translation>
            <numerusform>Von den Antworten, die so sicher waren, war etwa %Ln von 100 falsch. n = {judged}.</numerusform>
            <numerusform>Von den Antworten, die so sicher waren, waren etwa %Ln von 100 falsch. n = {judged}.</numerusform>
        </translation>
    </message>
    <message>
        <source>This goes by how probable its words are and by the checks, which says less than for a label.</source>
        <translation>Das richtet sich danach, wie wahrscheinlich die Wörter sind, und nach den Prüfungen; es sagt weniger als bei einem Label.</translation>
    </message>
    <message>
        <source>Of those called sure at most {share} are wrong, with 90 % certainty.</source>
        <translation>Von denen, die sicher genannt werden, sind höchstens {share} falsch, mit einer Gewissheit von 90 %.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more before any can be called sure.</source>
        <translation>
            <numerusform>Noch %Ln, bevor eine sicher heißen kann.</numerusform>
            <numerusform>Noch %Ln, bevor welche sicher heißen können.</numerusform>
        </translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>Dates</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Negation</source>
        <translation>Verneinung</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>Der Text</translation>
    </message>
    <message>
        <source>The length</source>
        <translation>Die Länge</translation>
    </message>
    <message>
        <source>The language</source>
        <translation>Die Sprache</translation>
    </message>
    <message>
        <source>The end</source>
        <translation>Das Ende</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln Token</numerusform>
            <numerusform>%Ln Token</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>read in %Ln parts</source>
        <translation>
            <numerusform>in %Ln Teil gelesen</numerusform>
            <numerusform>in %Ln Teilen gelesen</numerusform>
        </translation>
    </message>
    <message>
        <source>read whole</source>
        <translation>ganz gelesen</translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation>etwa {time}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>WorkPage</name>
    <message>
        <source>O&amp;pen file…</source>
        <translation>&amp;Datei öffnen…</translation>
    </message>
    <message>
        <source>Keep no&amp;thing of this</source>
        <translation>Nic&amp;hts davon aufbewahren</translation>
    </message>
    <message>
        <source>Stop  (Esc)</source>
        <translation>Stopp  (Esc)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>Aus&amp;führen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>This text has no answer yet</source>
        <translation>Dieser Text hat noch keine Antwort</translation>
    </message>
    <message>
        <source>Stopped. Nothing was kept.</source>
        <translation>Angehalten. Nichts wurde aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>_NamedChoice</name>
    <message>
        <source>{name}: typed</source>
        <translation>{name}: Eingabe</translation>
    </message>
</context>
<context>
    <name>answer_columns</name>
    <message>
        <source>Row</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Sicherheit</translation>
    </message>
</context>
<context>
    <name>text_files</name>
    <message>
        <source>Open a text file</source>
        <translation>Eine Textdatei öffnen</translation>
    </message>
    <message>
        <source>Texts and documents ({kinds})</source>
        <translation>Texte und Dokumente ({kinds})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
</TS>
