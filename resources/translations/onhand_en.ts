<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BatchPage</name>
    <message numerus="yes">
        <source>Done: %Ln rows</source>
        <translation>
            <numerusform>Done: %Ln row</numerusform>
            <numerusform>Done: %Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>done, %Ln rows</source>
        <translation>
            <numerusform>done, %Ln row</numerusform>
            <numerusform>done, %Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows done</source>
        <translation>
            <numerusform>%Ln row done</numerusform>
            <numerusform>%Ln rows done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>given up after %Ln rows</source>
        <translation>
            <numerusform>given up after %Ln row</numerusform>
            <numerusform>given up after %Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChangeView</name>
    <message numerus="yes">
        <source>{same} of %Ln answers stay the same.</source>
        <translation>
            <numerusform>{same} of %Ln answer stays the same.</numerusform>
            <numerusform>{same} of %Ln answers stay the same.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln texts are written by each model in its own words.</source>
        <translation>
            <numerusform>%Ln text is written by each model in its own words.</numerusform>
            <numerusform>%Ln texts are written by each model in its own words.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>That is not enough to say which is right more often: %Ln are corrected.</source>
        <translation>
            <numerusform>That is not enough to say which is right more often: %Ln is corrected.</numerusform>
            <numerusform>That is not enough to say which is right more often: %Ln are corrected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Right, of %Ln corrected</source>
        <translation>
            <numerusform>Right, of %Ln corrected</numerusform>
            <numerusform>Right, of %Ln corrected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClassificationView</name>
    <message numerus="yes">
        <source>Show all %Ln labels</source>
        <translation>
            <numerusform>Show %Ln label</numerusform>
            <numerusform>Show all %Ln labels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClipboardText</name>
    <message numerus="yes">
        <source>From the clipboard: %Ln characters</source>
        <translation>
            <numerusform>From the clipboard: %Ln character</numerusform>
            <numerusform>From the clipboard: %Ln characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CloudWording</name>
    <message numerus="yes">
        <source>%Ln bytes, just as they stand above, to {address}</source>
        <translation>
            <numerusform>%Ln byte, just as it stands above, to {address}</numerusform>
            <numerusform>%Ln bytes, just as they stand above, to {address}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You judged %Ln answers of this model to this task: {right} were right.</source>
        <translation>
            <numerusform>You judged %Ln answer of this model to this task: {right} was right.</numerusform>
            <numerusform>You judged %Ln answers of this model to this task: {right} were right.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln bytes have come back.</source>
        <translation>
            <numerusform>%Ln byte has come back.</numerusform>
            <numerusform>%Ln bytes have come back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeletedNotice</name>
    <message numerus="yes">
        <source>%Ln examples went with it.</source>
        <translation>
            <numerusform>%Ln example went with it.</numerusform>
            <numerusform>%Ln examples went with it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgetDialog</name>
    <message numerus="yes">
        <source>The %Ln chosen entries</source>
        <translation>
            <numerusform>The chosen entry</numerusform>
            <numerusform>The %Ln chosen entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgetWords</name>
    <message numerus="yes">
        <source>%Ln entries will be forgotten.</source>
        <translation>
            <numerusform>%Ln entry will be forgotten.</numerusform>
            <numerusform>%Ln entries will be forgotten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>– and %Ln more</source>
        <translation>
            <numerusform>– and %Ln more</numerusform>
            <numerusform>– and %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln entries are forgotten. Backups written anew: {backups}.</source>
        <translation>
            <numerusform>%Ln entry is forgotten. Backups written anew: {backups}.</numerusform>
            <numerusform>%Ln entries are forgotten. Backups written anew: {backups}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message numerus="yes">
        <source>%Ln chosen</source>
        <translation>
            <numerusform>%Ln chosen</numerusform>
            <numerusform>%Ln chosen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln shown</source>
        <translation>
            <numerusform>%Ln shown</numerusform>
            <numerusform>%Ln shown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelWording</name>
    <message numerus="yes">
        <source>%Ln languages</source>
        <translation>
            <numerusform>%Ln language</numerusform>
            <numerusform>%Ln languages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PreferencesPage</name>
    <message numerus="yes">
        <source>Sees %Ln tokens at once.</source>
        <translation>
            <numerusform>Sees %Ln token at once.</numerusform>
            <numerusform>Sees %Ln tokens at once.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TaskForm</name>
    <message numerus="yes">
        <source>{names} and %Ln more</source>
        <translation>
            <numerusform>{names} and %Ln more</numerusform>
            <numerusform>{names} and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrialDialog</name>
    <message numerus="yes">
        <source>All %Ln rows will take about {time}</source>
        <translation>
            <numerusform>%Ln row will take about {time}</numerusform>
            <numerusform>All %Ln rows will take about {time}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message numerus="yes">
        <source>%Ln minutes</source>
        <translation>
            <numerusform>%Ln minute</numerusform>
            <numerusform>%Ln minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hours</source>
        <translation>
            <numerusform>%Ln hour</numerusform>
            <numerusform>%Ln hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln days</source>
        <translation>
            <numerusform>%Ln day</numerusform>
            <numerusform>%Ln days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %Ln answers that you corrected, {after} are right now, {before} were before.</source>
        <translation>
            <numerusform>Of %Ln answer that you corrected, {after} is right now, {before} was before.</numerusform>
            <numerusform>Of %Ln answers that you corrected, {after} are right now, {before} were before.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %Ln answers to neutral texts, {same} stayed the same.</source>
        <translation>
            <numerusform>Of %Ln answer to a neutral text, {same} stayed the same.</numerusform>
            <numerusform>Of %Ln answers to neutral texts, {same} stayed the same.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln bytes sent, receipt {digest}</source>
        <translation>
            <numerusform>%Ln byte sent, receipt {digest}</numerusform>
            <numerusform>%Ln bytes sent, receipt {digest}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of the answers this sure, about %Ln in 100 were wrong. n = {judged}.</source>
        <translation>
            <numerusform>Of the answers this sure, about %Ln in 100 was wrong. n = {judged}.</numerusform>
            <numerusform>Of the answers this sure, about %Ln in 100 were wrong. n = {judged}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more before any can be called sure.</source>
        <translation>
            <numerusform>%Ln more before any can be called sure.</numerusform>
            <numerusform>%Ln more before any can be called sure.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>read in %Ln parts</source>
        <translation>
            <numerusform>read in %Ln part</numerusform>
            <numerusform>read in %Ln parts</numerusform>
        </translation>
    </message>
</context>
</TS>
