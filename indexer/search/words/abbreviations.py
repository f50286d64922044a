"""List common medical abbreviations with what they stand for; compiled for this project.

Only those that a health blog's readers meet, and none that is an everyday word. One line each: the abbreviation, then
its meanings separated by semicolons; all forms of a line find one another.
"""

from __future__ import annotations

ABBREVIATIONS = """
ACE inhibitor: angiotensin converting enzyme inhibitor
ACL: anterior cruciate ligament
ADHD: attention deficit hyperactivity disorder
ADL: activities of daily living
AFib: atrial fibrillation
ALS: amyotrophic lateral sclerosis
ASD: autism spectrum disorder
BDNF: brain derived neurotrophic factor
BMI: body mass index
BP: blood pressure
BPD: borderline personality disorder
BPH: benign prostatic hyperplasia
CBD: cannabidiol
CBT: cognitive behavioral therapy; cognitive behavioural therapy
CFS: chronic fatigue syndrome
CHF: congestive heart failure
CKD: chronic kidney disease
CNS: central nervous system
COPD: chronic obstructive pulmonary disease
CPAP: continuous positive airway pressure
CPT: cognitive processing therapy
CRPS: complex regional pain syndrome; reflex sympathetic dystrophy
CSF: cerebrospinal fluid
CT scan: computed tomography; cat scan
CTE: chronic traumatic encephalopathy
CVD: cardiovascular disease
DBS: deep brain stimulation
DBT: dialectical behavior therapy; dialectical behaviour therapy
DVT: deep vein thrombosis
EAP: employee assistance program
ECG: electrocardiogram; EKG
ECT: electroconvulsive therapy
EEG: electroencephalogram
EHR: electronic health record; electronic medical record
EMDR: eye movement desensitization and reprocessing
ENT: ear nose and throat
ERP: exposure and response prevention
FDA: food and drug administration
fMRI: functional magnetic resonance imaging
GAD: generalized anxiety disorder; generalised anxiety disorder
GERD: gastroesophageal reflux disease; acid reflux
GP: general practitioner; primary care physician; PCP
HDL: high density lipoprotein
HPV: human papillomavirus
HRT: hormone replacement therapy
HSA: health savings account
IBD: inflammatory bowel disease
IBS: irritable bowel syndrome
ICU: intensive care unit
IOP: intensive outpatient program
IV: intravenous
KAP: ketamine assisted psychotherapy; ketamine assisted therapy
LDL: low density lipoprotein
LDN: low dose naltrexone
MAOI: monoamine oxidase inhibitor
MDD: major depressive disorder; major depression
MDMA: methylenedioxymethamphetamine
ME/CFS: myalgic encephalomyelitis
MRI: magnetic resonance imaging
MS: multiple sclerosis
NAD+: nicotinamide adenine dinucleotide
NICU: neonatal intensive care unit
NMDA: n methyl d aspartate
NSAID: nonsteroidal anti inflammatory drug; non steroidal anti inflammatory drug
OCD: obsessive compulsive disorder
OTC: over the counter
OUD: opioid use disorder
PCOS: polycystic ovary syndrome; polycystic ovarian syndrome
PMDD: premenstrual dysphoric disorder
PMS: premenstrual syndrome
PPD: postpartum depression; postnatal depression
PRP: platelet rich plasma
PT: physical therapy; physiotherapy
PTSD: post traumatic stress disorder; posttraumatic stress disorder
RA: rheumatoid arthritis
REM: rapid eye movement
RLS: restless legs syndrome; restless leg syndrome
RSD: reflex sympathetic dystrophy
SCS: spinal cord stimulator; spinal cord stimulation
SLE: systemic lupus erythematosus; lupus
SNRI: serotonin norepinephrine reuptake inhibitor
SSRI: selective serotonin reuptake inhibitor
STD: sexually transmitted disease; sexually transmitted infection; STI
SUD: substance use disorder
TBI: traumatic brain injury
TIA: transient ischemic attack; mini stroke
TMD: temporomandibular disorder
TMJ: temporomandibular joint
TMS: transcranial magnetic stimulation; rTMS
TRD: treatment resistant depression
UTI: urinary tract infection
VA: veterans affairs
VNS: vagus nerve stimulation
XR: extended release
"""
